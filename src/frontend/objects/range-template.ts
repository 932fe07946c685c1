/** Ranges as users give them, `AR=[…]`: checked, completed and changed (src/vnm/AddressRange.cc, 7.4). */
import { parseIp4, parseIp6, parseMac, printMac } from '../../opennebula/addresses.ts';
import type { Vector } from '../../opennebula/template.ts';
import { type AddressRange, RANGE_TYPES, type RangeType } from './address-range.ts';
import { Refusal } from './refusal.ts';

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
  const word = given.TYPE?.toUpperCase() ?? '';
  const type = RANGE_TYPES[word];
  if (!type) throw new InvalidRange('Unknown or missing address range TYPE.');
  const shared = /^(yes|true|1)$/i.test(given.SHARED ?? '');
  const attributes: Vector = {
    ...given,
    TYPE: word,
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
  attributes.ALLOCATED = '';
  const type = RANGE_TYPES[before.TYPE ?? ''];
  if (type) checkPrefixes(attributes, type);
  if (type?.slaac) for (const name of ['GLOBAL_PREFIX', 'ULA_PREFIX']) attributes[name] ??= '';
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
  return { ...range, attributes, nextIndex: range.nextIndex >= Number(attributes.SIZE) ? 0 : range.nextIndex };
}
