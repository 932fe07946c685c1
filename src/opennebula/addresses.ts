/**
 * Addresses as numbers: MAC and IPv4 as whole numbers, IPv6 as bigints. The text forms are those that OpenNebula prints
 * (src/vnm/AddressRange.cc, 7.4; IPv6 as inet_ntop prints it).
 */

/** @returns undefined for anything but dotted decimals */
export function parseIp4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text.trim());
  const bytes = match?.slice(1).map(Number);
  if (!bytes || bytes.some((byte) => byte > 255)) return undefined;
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

export function printIp4(ip: number): string {
  return [24, 16, 8, 0].map((shift) => (ip >>> shift) & 255).join('.');
}

/** @returns undefined for anything but six groups of hexadecimal digits */
export function parseMac(text: string): number | undefined {
  const groups = text.trim().split(':');
  if (groups.length !== 6 || groups.some((group) => !/^[0-9a-f]{1,2}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => sum * 256 + Number.parseInt(group, 16), 0);
}

export function printMac(mac: number): string {
  return mac.toString(16).padStart(12, '0').match(/../g)?.join(':') ?? '';
}

/** The MAC `index` places on: only its low 32 bits count, so the vendor's part stays. */
export function macAt(mac: number, index: number): number {
  const high = Math.floor(mac / 2 ** 32);
  return high * 2 ** 32 + (((mac % 2 ** 32) + index) % 2 ** 32);
}

/** @returns undefined for what is no IPv6 address */
export function parseIp6(text: string): bigint | undefined {
  const [head, tail, ...rest] = text.trim().split('::');
  if (head === undefined || rest.length > 0) return undefined;
  const groupsOf = (part: string) => (part === '' ? [] : part.split(':'));
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array<string>(tail === undefined ? 0 : missing).fill('0'), ...after];
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

export function printIp6(ip: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((ip >> BigInt(16 * (7 - i))) & 0xffffn).toString(16)).join(':');
  // The longest run of zeros is left out, the first of equals, and none of a single group.
  const runs = [...groups.matchAll(/(?<![0-9a-f])0(:0)+(?![0-9a-f])/g)];
  const [longest] = runs.toSorted((a, b) => b[0].length - a[0].length);
  if (!longest) return groups;
  const before = groups.slice(0, longest.index).replace(/:$/, '');
  const after = groups.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}

/** The address that a machine with this MAC takes in a /64 network (EUI-64). */
export function slaacAddress(prefix: bigint, mac: number): bigint {
  const bits = BigInt(mac);
  const identifier = ((bits >> 24n) << 40n) | (0xfffen << 24n) | (bits & 0xffffffn);
  return ((prefix >> 64n) << 64n) | (identifier ^ (1n << 57n));
}

export const IP6_LINK_PREFIX = 0xfe80n << 112n;
