/**
 * Address ranges of a network: which addresses there are, and what lease number `index` of them looks like
 * (src/vnm/AddressRange.cc, 7.4). Who holds a lease is not written here but in the lease book.
 */
import {
  IP6_LINK_PREFIX,
  macAt,
  parseIp4,
  parseIp6,
  parseMac,
  printIp4,
  printIp6,
  printMac,
  slaacAddress,
} from '../../opennebula/addresses.ts';
import { type Vector, vectorXml } from '../../opennebula/template.ts';
import { cdata, group, text } from '../../opennebula/xml.ts';
import { memoize } from './memoize.ts';
import { Refusal } from './refusal.ts';
import { addressNumber, isShared, usedAddresses } from './shared-leases.ts';

export interface AddressRange {
  readonly id: number;
  /** Where the search for a free address starts: behind the last one that was given out. */
  readonly nextIndex: number;
  /** All attributes but AR_ID and NEXT_INDEX, addresses checked and completed. */
  readonly attributes: Readonly<Vector>;
}

export type LeaseOwnerKind = 'VM' | 'VNET' | 'VROUTER';

export interface LeaseOwner {
  readonly kind: LeaseOwnerKind;
  readonly id: number;
}

/** Holds an address so that nobody gets it. */
export const HELD: LeaseOwner = { kind: 'VM', id: -1 };

/** A range with those of its leases that are taken, by index. */
export interface LeasedRange {
  readonly range: AddressRange;
  readonly leases: ReadonlyMap<number, LeaseOwner>;
  /** How many are taken, where not all of them are shown. */
  readonly used?: number;
}

interface RangeType {
  readonly ip4: boolean;
  /** Addresses that machines derive from their MAC. */
  readonly slaac: boolean;
  readonly ip6Static: boolean;
}

const RANGE_TYPES: Readonly<Record<string, RangeType>> = {
  ETHER: { ip4: false, slaac: false, ip6Static: false },
  IP4: { ip4: true, slaac: false, ip6Static: false },
  IP6: { ip4: false, slaac: true, ip6Static: false },
  IP4_6: { ip4: true, slaac: true, ip6Static: false },
  IP6_STATIC: { ip4: false, slaac: false, ip6Static: true },
  IP4_6_STATIC: { ip4: true, slaac: false, ip6Static: true },
};

/** The range is not acceptable. The message is oned's. */
export class InvalidRange extends Refusal {
  override name = 'InvalidRange';
}

export interface RangeDefaults {
  /** First two bytes of MACs that are made up (MAC_PREFIX). */
  readonly macPrefix: string;
  /** Random whole number below 2^32, for MACs that no IP gives. */
  readonly random: () => number;
}

/** Attributes of a range that only this front-end sets. */
const INTERNAL = [
  'ALLOCATED',
  'USED_LEASES',
  'LEASES',
  'PARENT_NETWORK_AR_ID',
  'PARENT_NETWORK',
  'AR_ID',
  'NEXT_INDEX',
];

/**
 * Checks what a user gave as `AR=[…]` and completes it.
 * @throws InvalidRange
 */
export function createRange(id: number, given: Vector, defaults: RangeDefaults): AddressRange {
  const type = RANGE_TYPES[given.TYPE?.toUpperCase() ?? ''];
  if (!type) throw new InvalidRange('Unknown or missing address range TYPE.');
  const shared = /^(yes|true|1)$/i.test(given.SHARED ?? '');
  const attributes: Vector = {
    ...given,
    TYPE: (given.TYPE as string).toUpperCase(),
    SHARED: shared ? 'YES' : 'NO',
  };
  if (shared) checkShared(attributes);
  for (const name of INTERNAL) delete attributes[name];
  checkIp4(attributes, type);
  checkPrefixes(attributes, type);
  checkIp6(attributes, type);
  attributes.MAC = shared ? printMac(0) : firstMac(attributes, type, defaults);
  if (!/^\d+$/.test(attributes.SIZE?.trim() ?? '')) throw new InvalidRange('Wrong SIZE for address range');
  return { id, nextIndex: 0, attributes };
}

function checkShared({ TYPE = '', IPAM_MAD = '' }: Vector): void {
  if (!['IP4', 'IP6_STATIC'].includes(TYPE)) {
    throw new InvalidRange('Shared ARs can be only of type IP4 or IP6_STATIC.');
  }
  if (!['', 'internal'].includes(IPAM_MAD)) throw new InvalidRange('Shared ARs cannot use an external IPAM');
}

function checkIp4(attributes: Vector, { ip4 }: RangeType): void {
  if (!ip4) delete attributes.IP;
  else if (parseIp4(attributes.IP ?? '') === undefined) throw new InvalidRange('Wrong or empty IP attribute');
}

function checkPrefixes(attributes: Vector, { slaac }: RangeType): void {
  for (const [name, title] of [
    ['GLOBAL_PREFIX', 'global'],
    ['ULA_PREFIX', 'unique local'],
  ] as const) {
    const value = attributes[name];
    if (!slaac) delete attributes[name];
    else if (value && parseIp6(value) === undefined)
      throw new InvalidRange(`Wrong format for IP6 ${title} address prefix`);
  }
}

function checkIp6(attributes: Vector, { ip6Static }: RangeType): void {
  if (!ip6Static) {
    delete attributes.IP6;
    return;
  }
  const first = parseIp6(attributes.IP6 ?? '');
  if (first === undefined) throw new InvalidRange('Wrong or empty IP6 attribute');
  if (!/^\d+$/.test(attributes.PREFIX_LENGTH ?? '')) throw new InvalidRange('Wrong or empty PREFIX_LENGTH');
  // Without a size the range reaches to the end of its network, as far as indices can count.
  attributes.SIZE ||= String(networkRest(first, Number(attributes.PREFIX_LENGTH)));
}

function networkRest(first: bigint, prefixLength: number): number {
  const hosts = 1n << BigInt(Math.max(0, 128 - prefixLength));
  const rest = hosts - (first & (hosts - 1n));
  return Number(rest < 2n ** 32n ? rest : 2n ** 32n - 1n);
}

function firstMac(attributes: Vector, { ip4 }: RangeType, { macPrefix, random }: RangeDefaults): string {
  if (attributes.MAC) {
    const mac = parseMac(attributes.MAC);
    if (mac === undefined) throw new InvalidRange(`Wrong format for MAC attribute: ${attributes.MAC}`);
    return printMac(mac);
  }
  const low = ip4 ? (parseIp4(attributes.IP ?? '') ?? 0) : random();
  return printMac((parseMac(`${macPrefix}:00:00:00:00`) ?? 0) + low);
}

/** The numbers that the addresses of a range are counted from. */
interface Base {
  readonly size: number;
  readonly mac: number;
  readonly ip: number | undefined;
  readonly globalPrefix: bigint | undefined;
  readonly ulaPrefix: bigint | undefined;
  readonly ip6: bigint | undefined;
  readonly slaac: boolean;
}

const baseOf = memoize(({ attributes }: AddressRange): Base => {
  const type = RANGE_TYPES[attributes.TYPE ?? ''];
  return {
    size: Number(attributes.SIZE),
    mac: parseMac(attributes.MAC ?? '') ?? 0,
    ip: parseIp4(attributes.IP ?? ''),
    globalPrefix: attributes.GLOBAL_PREFIX ? parseIp6(attributes.GLOBAL_PREFIX) : undefined,
    ulaPrefix: attributes.ULA_PREFIX ? parseIp6(attributes.ULA_PREFIX) : undefined,
    ip6: attributes.IP6 ? parseIp6(attributes.IP6) : undefined,
    slaac: type?.slaac ?? false,
  };
});

export function findRange(ranges: readonly AddressRange[], id: number): AddressRange | undefined {
  return ranges.find((range) => range.id === id);
}

export function rangeSize(range: AddressRange): number {
  return baseOf(range).size;
}

/**
 * The addresses of lease `index`: MAC, and IP, IP6_LINK, IP6_GLOBAL, IP6_ULA, IP6 as the range has them. What is shared has
 * no MAC of its own.
 */
export function addressesAt(range: AddressRange, lease: number): Vector {
  const base = baseOf(range);
  const index = addressNumber(lease);
  const mac = macAt(base.mac, index);
  return {
    ...(isShared(range) ? {} : { MAC: printMac(mac) }),
    ...(base.ip === undefined ? {} : { IP: printIp4(base.ip + index) }),
    ...(base.slaac ? { IP6_LINK: printIp6(slaacAddress(IP6_LINK_PREFIX, mac)) } : {}),
    ...(base.globalPrefix ? { IP6_GLOBAL: printIp6(slaacAddress(base.globalPrefix, mac)) } : {}),
    ...(base.ulaPrefix ? { IP6_ULA: printIp6(slaacAddress(base.ulaPrefix, mac)) } : {}),
    ...(base.ip6 === undefined ? {} : { IP6: printIp6(base.ip6 + BigInt(index)) }),
  };
}

/** Index of an address of the range, whichever of its kinds is given; undefined when it lies outside. */
export function indexOfAddress(
  range: AddressRange,
  address: { ip?: string | undefined; mac?: string | undefined; ip6?: string | undefined },
): number | undefined {
  const { size, mac, ip, ip6 } = baseOf(range);
  const within = (index: number) => (index >= 0 && index < size ? index : undefined);
  if (address.ip !== undefined) {
    const number = parseIp4(address.ip);
    return number === undefined || ip === undefined ? undefined : within(number - ip);
  }
  if (address.ip6 !== undefined) {
    const number = parseIp6(address.ip6);
    return number === undefined || ip6 === undefined ? undefined : within(Number(number - ip6));
  }
  if (isShared(range)) return undefined;
  const number = parseMac(address.mac ?? '');
  return number === undefined ? undefined : within(number - mac);
}

/** The first free index from `nextIndex` on, wrapping; undefined when all are taken. Shared ones are given by name only. */
export function freeIndex({ range, leases }: LeasedRange): number | undefined {
  const size = rangeSize(range);
  if (isShared(range) || leases.size >= size) return undefined;
  for (let step = 0; step < size; step++) {
    const index = (range.nextIndex + step) % size;
    if (!leases.has(index)) return index;
  }
  return undefined;
}

/** Start of the first run of `count` free addresses, looked for from `nextIndex` on, then from the start. */
export function freeRun({ range, leases }: LeasedRange, count: number): number | undefined {
  const size = rangeSize(range);
  if (isShared(range) || leases.size + count > size) return undefined;
  const runFrom = (from: number) => {
    let run = 0;
    for (let index = from; index < size; index++) {
      run = leases.has(index) ? 0 : run + 1;
      if (run === count) return index - count + 1;
    }
    return undefined;
  };
  return runFrom(range.nextIndex) ?? runFrom(0);
}

/** The range that a reservation of `count` addresses from `first` on makes in its own network. */
export function reservedRange(id: number, parent: AddressRange, first: number, count: number): AddressRange {
  const { MAC = '', IP, IP6 } = addressesAt(parent, first);
  const { IPAM_MAD: _, ...attributes } = parent.attributes;
  return {
    id,
    nextIndex: 0,
    attributes: {
      ...attributes,
      MAC,
      ...(IP === undefined ? {} : { IP }),
      ...(IP6 === undefined ? {} : { IP6 }),
      SIZE: String(count),
      PARENT_NETWORK_AR_ID: String(parent.id),
    },
  };
}

const RULE_ATTRIBUTES = ['TYPE', 'SIZE', 'MAC', 'IP', 'IP6'] as const;

/** A rule of a security group for the addresses of the range. */
export function rangeRule(range: AddressRange, rule: Vector): Vector {
  const { IP6_ULA, IP6_GLOBAL } = addressesAt(range, 0);
  const { attributes } = range;
  const own = RULE_ATTRIBUTES.flatMap((name) => (attributes[name] ? [[name, attributes[name]] as const] : []));
  return {
    ...rule,
    AR_ID: String(range.id),
    ...Object.fromEntries(own),
    ...(IP6_ULA === undefined ? {} : { IP6_ULA }),
    ...(IP6_GLOBAL === undefined ? {} : { IP6_GLOBAL }),
  };
}

/** Attributes that the range itself decides, or that only documents show. */
const FIXED = ['TYPE', 'SHARED', 'MAC', 'IP', 'IP6', 'IPAM_MAD', 'PARENT_NETWORK_AR_ID', 'PREFIX_LENGTH'];
const DERIVED = ['MAC_END', 'IP_END', 'IP6_END', 'IP6_ULA', 'IP6_ULA_END', 'IP6_GLOBAL', 'IP6_GLOBAL_END'];

/**
 * The range with new attributes; its first addresses stay.
 * @param highest index that is leased, or -1: the range cannot be made smaller than that
 * @throws InvalidRange
 */
export function updateRange(range: AddressRange, given: Vector, highest: number): AddressRange {
  const { attributes: before } = range;
  const attributes: Vector = { ...given };
  for (const name of [...FIXED, ...DERIVED, ...INTERNAL]) delete attributes[name];
  for (const name of FIXED) if (before[name] !== undefined) attributes[name] = before[name];
  const type = RANGE_TYPES[before.TYPE ?? ''];
  if (type) checkPrefixes(attributes, type);
  attributes.SIZE ||= before.SIZE ?? '';
  if (!/^\d+$/.test(attributes.SIZE.trim())) {
    throw new InvalidRange('Unable to read the SIZE attribute, it must be number >= 0');
  }
  if (before.PARENT_NETWORK_AR_ID !== undefined && Number(attributes.SIZE) !== Number(before.SIZE)) {
    throw new InvalidRange('The SIZE of a reservation cannot be changed.');
  }
  if (highest >= Number(attributes.SIZE)) {
    throw new InvalidRange('New size cannot be smaller than highest IP address in use');
  }
  return { ...range, attributes };
}

/** The element of `one.vn.info`: ends of the range and every lease. */
export function rangeInfoXml({ range, leases, used = usedAddresses({ range, leases }) }: LeasedRange): string {
  const { mac, ip, ip6, size, globalPrefix, ulaPrefix } = baseOf(range);
  const macEnd = isShared(range) ? mac : macAt(mac, size - 1);
  const span = (name: string, prefix: bigint | undefined) =>
    prefix
      ? cdata(name, printIp6(slaacAddress(prefix, mac))) + cdata(`${name}_END`, printIp6(slaacAddress(prefix, macEnd)))
      : '';
  const held = heldOf(leases);
  return group(
    'AR',
    attributesXml(range),
    cdata('MAC_END', printMac(macEnd)),
    ip === undefined ? '' : cdata('IP_END', printIp4(ip + size - 1)),
    span('IP6_ULA', ulaPrefix),
    span('IP6_GLOBAL', globalPrefix),
    ip6 === undefined ? '' : cdata('IP6_END', printIp6(ip6 + BigInt(size - 1))),
    text('USED_LEASES', used),
    held.length === 0
      ? '<LEASES/>'
      : group(
          'LEASES',
          ...held.map(([index, { kind, id }]) =>
            vectorXml('LEASE', { ...addressesAt(range, index), [kind]: String(id) }),
          ),
        ),
  );
}

/** The element of `one.vnpool.info`: leases as pairs of index and owner in one text. */
export function rangePoolXml({ range, leases }: LeasedRange): string {
  const packed = heldOf(leases).map(
    ([index, { kind, id }]) => ` ${addressNumber(index)} ${OWNER_BIT[kind] | BigInt.asUintN(32, BigInt(id))}`,
  );
  return group('AR', attributesXml(range, packed.length === 0 ? {} : { ALLOCATED: packed.join('') }));
}

/** By address, then by who came first. */
function heldOf(leases: LeasedRange['leases']): [number, LeaseOwner][] {
  return [...leases].sort(([a], [b]) => addressNumber(a) - addressNumber(b) || a - b);
}

const OWNER_BIT: Readonly<Record<LeaseOwnerKind, bigint>> = {
  VM: 0x1000000000n,
  VNET: 0x4000000000n,
  VROUTER: 0x4000000000000n,
};

function attributesXml({ id, nextIndex, attributes }: AddressRange, more: Vector = {}): string {
  const all = { ...attributes, AR_ID: String(id), NEXT_INDEX: String(nextIndex), ...more };
  return vectorXml('AR', all).slice('<AR>'.length, -'</AR>'.length);
}
