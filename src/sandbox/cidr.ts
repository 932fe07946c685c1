/** IPv4 networks in CIDR notation, as `10.72.0.0/24`. */
import { parseIp4, printIp4 } from '../opennebula/addresses.ts';

export interface Cidr {
  /** First address, as a number. */
  readonly first: number;
  readonly size: number;
}

/** @returns undefined for what is no network: the host part must be zero */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', length = ''] = text.split('/');
  const first = parseIp4(address);
  const bits = Number(length);
  if (first === undefined || !/^\d{1,2}$/.test(length) || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  return first % size === 0 ? { first, size } : undefined;
}

/** @throws RangeError for what is no network */
export function getCidr(text: string): Cidr {
  const network = parseCidr(text);
  if (!network) throw new RangeError(`${text} is no network in CIDR notation.`);
  return network;
}

export function printCidr({ first, size }: Cidr): string {
  return `${printIp4(first)}/${32 - Math.log2(size)}`;
}

/** The address `offset` places after the first. @throws RangeError when it lies outside */
export function addressAt(cidr: string, offset: number): string {
  const network = parseCidr(cidr);
  if (network === undefined || offset < 0 || offset >= network.size) {
    throw new RangeError(`${cidr} has no address ${offset}.`);
  }
  return printIp4(network.first + offset);
}

export function overlap(a: Cidr, b: Cidr): boolean {
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

export function netmaskOf({ size }: Cidr): string {
  return printIp4(2 ** 32 - size);
}
