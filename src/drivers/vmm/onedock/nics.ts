/**
 * NICs of a VM. What NIC itself does not say, mask, gateway and the like, stands in the context under ETHn_, n being
 * NIC_ID (src/vm/VirtualMachineContext.cc, 7.4). Pure.
 */
import { parseIp6, printIp6 } from '../../../opennebula/addresses.ts';
import { looseList } from '../../../opennebula/lists.ts';
import { findAll, leaves, type XmlElement } from '../../../opennebula/xml.ts';
import { type Cable, cableFields, readCable } from '../../hosts/cable.ts';
import { filterLines } from '../../hosts/nic-filter.ts';
import { fail } from '../errors.ts';

export interface Nic extends Cable {
  readonly id: number;
  /** Whether the request is about its coming or going. */
  readonly changes: boolean;
  /** With prefix, of both families. */
  readonly addresses: readonly string[];
  /** The NIC asks a DHCP server for its IPv4 address; the route by what is told there has this metric. */
  readonly dhcp: { readonly metric: number } | undefined;
  /** Whether it speaks IPv6: with what it is given, also with what routers tell, or not; undefined: as the container has it. */
  readonly ip6: 'on' | 'auto' | 'off' | undefined;
  readonly gateways: readonly Gateway[];
  readonly routes: readonly Route[];
  readonly dns: readonly string[];
  readonly searchDomains: readonly string[];
}

/** Of all default routes that of the least metric counts; 0 or none is the least. */
export interface Gateway {
  readonly address: string;
  readonly metric: number | undefined;
}

export interface Route {
  readonly network: string;
  readonly gateway: string;
}

type Values = Readonly<Record<string, string>>;
type Family = 'ip4' | 'ip6';

/** As ONEDock has it where no mask is known (ONEDOCK_DEFAULT_NETMASK). */
const DEFAULT_PREFIX = 24;
const DEFAULT_PREFIX6 = 64;
/** Of two default routes without a metric the first NIC's wins, the others stand by. */
const SPARE_METRIC = 100;

/** @throws NIC_WITHOUT_BRIDGE, NIC_KIND_UNSUPPORTED, NIC_METHOD_UNSUPPORTED */
export function readNics(vmId: number, template: XmlElement, context: Values): Nic[] {
  const passedThrough = findAll(template, 'PCI').map(leaves);
  if (passedThrough.length > 0) throw fail('NIC_KIND_UNSUPPORTED', { vmId, kind: 'PCI device' });
  const aliases = findAll(template, 'NIC_ALIAS').map(leaves);
  const rules = findAll(template, 'SECURITY_GROUP_RULE').map(leaves);
  const leading: Record<Family, number> = { ip4: 0, ip6: 0 };
  return findAll(template, 'NIC').map((element) => {
    const values = leaves(element);
    const own = aliases.filter((alias) => belongsTo(alias, values));
    const filtered = filterLines(values, own, rules).length > 0;
    const metricOf = (family: Family, given: number | undefined) => {
      const isSpare = leading[family]++ > 0;
      return given ?? (isSpare ? SPARE_METRIC + Number(values.NIC_ID) : undefined);
    };
    return readNic({ vmId, nic: values, aliases: own, context, filtered, metricOf });
  });
}

/** A NIC no longer lists an alias that is being detached. */
function belongsTo(alias: Values, nic: Values): boolean {
  const listed = nic.ALIAS_IDS?.split(',').map((id) => id.trim());
  return alias.PARENT_ID === nic.NIC_ID && (listed === undefined || listed.includes(alias.NIC_ID ?? ''));
}

interface NicSources {
  readonly vmId: number;
  readonly nic: Values;
  readonly aliases: readonly Values[];
  readonly context: Values;
  readonly filtered: boolean;
  /** Of a default route, when the NIC names none itself. */
  readonly metricOf: (family: Family, given: number | undefined) => number | undefined;
}

function readNic({ vmId, nic, aliases, context, filtered, metricOf }: NicSources): Nic {
  const id = Number(nic.NIC_ID);
  if (!nic.BRIDGE) throw fail('NIC_WITHOUT_BRIDGE', { vmId, nicId: id });
  const value = variables(context, `ETH${id}_`);
  const method = oneOf(METHODS, value('METHOD', nic.METHOD), vmId, id);
  const method6 = oneOf(METHODS6, value('IP6_METHOD', nic.IP6_METHOD), vmId, id);
  const metric = wholeNumber(value('METRIC', nic.METRIC));
  const prefix = prefixOfMask(value('MASK', nic.NETWORK_MASK)) ?? DEFAULT_PREFIX;
  const prefix6 = Number(value('IP6_PREFIX_LENGTH', nic.PREFIX_LENGTH)) || DEFAULT_PREFIX6;
  const gateway = value('GATEWAY', nic.GATEWAY);
  const gateway6 = value('IP6_GATEWAY', nic.GATEWAY6);
  const own: Values = method === 'static' ? { IP: value('IP', nic.IP) ?? '' } : {};
  const given = {
    TARGET: nic.TARGET || `one-${vmId}-${id}`,
    MAC: value('MAC', nic.MAC) ?? '',
    GUEST_MTU: value('MTU', nic.GUEST_MTU) ?? '',
  };
  const addresses6 = method6 === 'static' ? [value('IP6', nic.IP6_GLOBAL, nic.IP6), value('IP6_ULA', nic.IP6_ULA)] : [];
  return {
    id,
    changes: nic.ATTACH?.toUpperCase() === 'YES',
    ...readCable({ ...nic, ...given }, filtered),
    addresses: present([
      ...withPrefix([own.IP], prefix),
      ...withPrefix(addresses6.map(canonical), prefix6),
      ...aliases
        .flatMap((alias) => aliasAddresses(alias, variables(context, aliasPrefix(alias)), prefix, prefix6))
        .filter((address) => method6 !== 'disable' || !address.includes(':')),
    ]),
    dhcp: method === 'dhcp' ? { metric: metricOf('ip4', metric) ?? 0 } : undefined,
    ip6: speech6(method6, [...addresses6, nic.IP6_LINK], aliases),
    gateways: [
      ...(method === 'static' && gateway ? [{ address: gateway, metric: metricOf('ip4', metric) }] : []),
      ...(method6 === 'static' && gateway6
        ? [
            {
              address: gateway6,
              metric: metricOf('ip6', wholeNumber(value('IP6_METRIC', nic.IP6_METRIC)) ?? metric),
            },
          ]
        : []),
    ],
    routes: readRoutes(value('ROUTES', nic.ROUTES) ?? ''),
    dns: looseList(value('DNS', nic.DNS)),
    searchDomains: looseList(value('SEARCH_DOMAIN', nic.SEARCH_DOMAIN)),
  };
}

/** How a guest comes to its addresses (one-apps, context-linux, 7.x). Containers ask no server for IPv6 addresses. */
const METHODS = ['static', 'dhcp', 'skip'] as const;
const METHODS6 = ['static', 'auto', 'skip', 'disable'] as const;

function oneOf<Method extends string>(
  known: readonly Method[],
  given: string | undefined,
  vmId: number,
  nicId: number,
): Method {
  const method = given?.toLowerCase() ?? 'static';
  const found = known.find((each) => each === method);
  if (!found) throw fail('NIC_METHOD_UNSUPPORTED', { vmId, nicId, method, known });
  return found;
}

function speech6(
  method: (typeof METHODS6)[number],
  addresses: readonly (string | undefined)[],
  aliases: readonly Values[],
): Nic['ip6'] {
  if (method === 'auto') return 'auto';
  if (method === 'disable') return 'off';
  const any = [...addresses, ...aliases.flatMap((alias) => [alias.IP6, alias.IP6_GLOBAL, alias.IP6_ULA])];
  return any.some(Boolean) ? 'on' : undefined;
}

/** An alias may be of another network than its NIC. One that is EXTERNAL is known to somebody else only. */
function aliasAddresses(alias: Values, value: Lookup, prefix: number, prefix6: number): string[] {
  if (value('EXTERNAL', alias.EXTERNAL)?.toUpperCase() === 'YES') return [];
  const own = prefixOfMask(value('MASK', alias.NETWORK_MASK)) ?? prefix;
  const own6 = Number(value('IP6_PREFIX_LENGTH', alias.PREFIX_LENGTH)) || prefix6;
  return [
    ...withPrefix([alias.IP], own),
    ...withPrefix([alias.IP6, alias.IP6_GLOBAL, alias.IP6_ULA].map(canonical), own6),
  ];
}

function aliasPrefix({ PARENT_ID, ALIAS_ID }: Values): string {
  return `ETH${PARENT_ID}_ALIAS${ALIAS_ID}_`;
}

type Lookup = (name: string, ...others: (string | undefined)[]) => string | undefined;

/** The context has the last word, but a variable of it may be there and be empty. */
function variables(context: Values, prefix: string): Lookup {
  return (name, ...others) => [context[prefix + name], ...others].find((each) => each !== undefined && each !== '');
}

/** The word by which the helper is told of a NIC; see `host-files/onedock-nics`. */
export function nicWord({ addresses, dhcp, ip6, gateways, routes, ...cable }: Nic): string {
  return [
    ...cableFields(cable),
    ...(ip6 === undefined ? [] : [`ip6=${ip6}`]),
    ...addresses.map((address) => `address=${address}`),
    ...gateways.map(({ address, metric }) => `gateway=${address}${metric === undefined ? '' : `>${metric}`}`),
    ...routes.map(({ network, gateway }) => `route=${network}>${gateway}`),
    ...(dhcp ? [`dhcp=${dhcp.metric}`] : []),
  ].join(',');
}

function withPrefix(addresses: readonly (string | undefined)[], prefix: number): string[] {
  return present(addresses).map((address) => `${address}/${prefix}`);
}

/** As the kernel prints it. */
function canonical(address: string | undefined): string | undefined {
  const number = parseIp6(address ?? '');
  return number === undefined ? address : printIp6(number);
}

/** `255.255.255.0` or `24`. */
function prefixOfMask(mask: string | undefined): number | undefined {
  if (mask === undefined) return undefined;
  if (/^\d+$/.test(mask)) return Number(mask);
  const bits = mask.split('.').map((part) => Number(part).toString(2).padStart(8, '0'));
  return bits.join('').replace(/0+$/, '').length;
}

/** `10.0.0.0/8 via 10.1.1.1, 10.2.0.0/16 via 10.1.1.2` */
function readRoutes(text: string): Route[] {
  return [...text.matchAll(/(\S+)\s+via\s+([^\s,;]+)/gi)].map(([, network = '', gateway = '']) => ({
    network: network.includes('/') ? network : `${network}/${network.includes(':') ? 128 : 32}`,
    gateway,
  }));
}

function wholeNumber(text: string | undefined): number | undefined {
  return /^\d+$/.test(text ?? '') ? Number(text) : undefined;
}

function present(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.flatMap((value) => value || []))];
}
