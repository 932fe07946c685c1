/**
 * What a NIC lets through: the addresses that its VM may use (FILTER_MAC_SPOOFING, FILTER_IP_SPOOFING) and the rules of
 * its security groups, as lines for `nic-filter` of the host's helper. Pure.
 * @see OpenNebula 7.4, src/vnm_mad/remotes/lib/security_groups_iptables.rb: the same rules for iptables
 */
import {
  IP6_LINK_PREFIX,
  parseIp4,
  parseIp6,
  parseMac,
  printIp4,
  printIp6,
  slaacAddress,
} from '../../opennebula/addresses.ts';
import { commaList } from '../../opennebula/lists.ts';
import { findAll, leaves, type XmlElement } from '../../opennebula/xml.ts';

type Values = Readonly<Record<string, string>>;
type Direction = 'in' | 'out';

export interface NicFilter {
  /** Name of the cable's end on the host. */
  readonly target: string;
  /** Empty when everything passes. */
  readonly lines: readonly string[];
}

/**
 * @param vm  the VM's document, whole or as network drivers get it
 * @param isWanted  which of its NICs
 */
export function readNicFilters(vm: XmlElement, isWanted: (nic: Values) => boolean = () => true): NicFilter[] {
  const all = (name: string) => findAll(vm, `TEMPLATE/${name}`).map(leaves);
  const aliases = all('NIC_ALIAS');
  const rules = all('SECURITY_GROUP_RULE');
  return all('NIC').flatMap((nic) => {
    if (!nic.TARGET || !isWanted(nic)) return [];
    const own = aliases.filter((alias) => alias.PARENT_ID === nic.NIC_ID);
    return [{ target: nic.TARGET, lines: filterLines(nic, own, rules) }];
  });
}

/** For the helper's stdin. A value cannot begin a line of its own. */
export function printNicFilters(filters: readonly NicFilter[]): string {
  const lines = filters.flatMap((filter) => [`nic ${filter.target}`, ...filter.lines]);
  return lines.map((line) => `${line.replaceAll(/\s+/g, ' ')}\n`).join('');
}

/**
 * An alias speaks by the same cable: its addresses and its groups count for the NIC.
 * @param rules  of all groups of the VM
 */
export function filterLines(nic: Values, aliases: readonly Values[], rules: readonly Values[]): string[] {
  return [...addressLines(nic, aliases), ...groupLines([nic, ...aliases], rules)];
}

function addressLines(nic: Values, aliases: readonly Values[]): string[] {
  const mac = (nic.MAC ?? '').toLowerCase();
  const addresses = isYes(nic.FILTER_IP_SPOOFING) ? [nic, ...aliases].flatMap(addressesOf) : [];
  const link = isYes(nic.FILTER_IP_SPOOFING) ? linkAddresses(mac) : [];
  const known = [...new Set([...addresses, ...link])];
  return [
    ...(isYes(nic.FILTER_MAC_SPOOFING) ? [`mac ${mac}`] : []),
    ...known.map((address) => `address ${address}`),
    ...known.flatMap((address) => {
      const number = parseIp6(address);
      return number === undefined ? [] : [`neighbour 0x${number.toString(16).padStart(32, '0')}`];
    }),
  ];
}

/** Those of a lease; that of the link follows from the MAC. */
const ADDRESSES = ['IP', 'IP6', 'IP6_GLOBAL', 'IP6_ULA'] as const;

function addressesOf(nic: Values): string[] {
  return ADDRESSES.flatMap((name) => nic[name] || []);
}

/** The address that a guest gives itself wherever it speaks IPv6. */
function linkAddresses(mac: string): string[] {
  const number = parseMac(mac);
  return number === undefined ? [] : [printIp6(slaacAddress(IP6_LINK_PREFIX, number))];
}

/** A NIC in no group is not filtered; one in groups lets only that through which one of their rules accepts. */
function groupLines(holders: readonly Values[], rules: readonly Values[]): string[] {
  const groups = new Set(holders.flatMap(({ SECURITY_GROUPS = '' }) => commaList(SECURITY_GROUPS)));
  if (groups.size === 0) return [];
  const own = rules.filter(({ SECURITY_GROUP_ID = '' }) => groups.has(SECURITY_GROUP_ID));
  return (['in', 'out'] as const).flatMap((direction) => {
    const lines = own.filter((rule) => directionOf(rule) === direction).flatMap((rule) => ruleLines(rule, direction));
    return lines.includes(`accept ${direction} all`) ? [] : [`closed ${direction}`, ...new Set(lines)];
  });
}

function directionOf({ RULE_TYPE = '' }: Values): Direction | undefined {
  return ({ INBOUND: 'in', OUTBOUND: 'out' } as const)[RULE_TYPE.toUpperCase()];
}

/** OpenNebula's IPSEC is the protocol ESP alone. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  ALL: 'all',
  TCP: 'tcp',
  UDP: 'udp',
  ICMP: 'icmp',
  ICMPV6: 'icmpv6',
  IPSEC: 'esp',
};

/** One line for each range of peers; none for a network without addresses. */
function ruleLines(rule: Values, direction: Direction): string[] {
  const protocol = PROTOCOLS[rule.PROTOCOL?.toUpperCase() ?? ''];
  if (!protocol) return [];
  const type = rule.ICMP_TYPE || rule.ICMPV6_TYPE;
  const ports = (rule.RANGE ?? '').replaceAll(/\s/g, '').replaceAll(':', '-').replaceAll(',', ':');
  const line = [
    `accept ${direction} ${protocol}`,
    ...(ports === '' ? [] : [`ports=${ports}`]),
    ...(type ? [`type=${type}`] : []),
  ].join(' ');
  if (!rule.SIZE && !rule.NETWORK_ID) return [line];
  const families = { icmp: [4], icmpv6: [6] }[protocol] ?? [4, 6];
  return peersOf(rule)
    .filter(({ family }) => families.includes(family))
    .map(({ range }) => `${line} peers=${range}`);
}

interface Peers {
  readonly family: 4 | 6;
  /** `first-last`, or one address. */
  readonly range: string;
}

/** IP and SIZE of the rule itself, or of the address range of its network. */
function peersOf(rule: Values): Peers[] {
  const size = Math.max(1, Number(rule.SIZE) || 1);
  return ['IP', 'IP6', 'IP6_GLOBAL', 'IP6_ULA'].flatMap((name): Peers[] => {
    const first = rule[name];
    if (!first) return [];
    const ip4 = parseIp4(first);
    if (ip4 !== undefined) return [{ family: 4, range: rangeOf(first, printIp4(ip4 + size - 1)) }];
    const ip6 = parseIp6(first);
    return ip6 === undefined ? [] : [{ family: 6, range: rangeOf(first, printIp6(ip6 + BigInt(size - 1))) }];
  });
}

function rangeOf(first: string, last: string): string {
  return first === last ? first : `${first}-${last}`;
}

function isYes(value: string | undefined): boolean {
  return value?.toUpperCase() === 'YES';
}
