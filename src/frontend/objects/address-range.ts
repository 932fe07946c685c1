/**
 * Address ranges of a network: which addresses there are, and what lease number `index` of them looks like
 * (src/vnm/AddressRange.cc, 7.4). How one is made of a template is in `range-template.ts`, who holds its leases in
 * `leased-range.ts`.
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
import type { Vector } from '../../opennebula/template.ts';
import { memoize } from './memoize.ts';

export interface AddressRange {
  readonly id: number;
  /** Where the search for a free address starts: behind the last one that was given out. */
  readonly nextIndex: number;
  /** All attributes but AR_ID and NEXT_INDEX, addresses checked and completed. */
  readonly attributes: Readonly<Vector>;
}

/** Which addresses a range of a TYPE has. */
export interface RangeType {
  readonly ip4: boolean;
  /** Addresses that machines derive from their MAC. */
  readonly slaac: boolean;
  readonly ip6Static: boolean;
}

export const RANGE_TYPES: Readonly<Record<string, RangeType>> = {
  ETHER: { ip4: false, slaac: false, ip6Static: false },
  IP4: { ip4: true, slaac: false, ip6Static: false },
  IP6: { ip4: false, slaac: true, ip6Static: false },
  IP4_6: { ip4: true, slaac: true, ip6Static: false },
  IP6_STATIC: { ip4: false, slaac: false, ip6Static: true },
  IP4_6_STATIC: { ip4: true, slaac: false, ip6Static: true },
};

/** The numbers that the addresses of a range are counted from. */
export interface Base {
  readonly size: number;
  readonly mac: number;
  readonly ip: number | undefined;
  readonly globalPrefix: bigint | undefined;
  readonly ulaPrefix: bigint | undefined;
  readonly ip6: bigint | undefined;
  readonly slaac: boolean;
}

export const baseOf = memoize(({ attributes }: AddressRange): Base => {
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

/** Whether several may hold one of its addresses, each by a MAC of its own. */
export function isShared({ attributes }: AddressRange): boolean {
  return attributes.SHARED === 'YES';
}

/** The lease of an address's first holder has the number of the address, that of the next one so many more, and so on. */
export const NEXT_HOLDER = 2 ** 32;

/** The number of the address that a lease is of. */
export function addressNumber(lease: number): number {
  return lease % NEXT_HOLDER;
}

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
