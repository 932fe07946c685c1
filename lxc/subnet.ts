/** Arithmetic of IPv4 networks in CIDR notation, as `10.140.0.0/24`. */

/** The first address that a machine can have. */
export function firstAddress(cidr: string): string {
  const { network } = parse(cidr);
  return print(network + 1);
}

export function prefixLength(cidr: string): number {
  return parse(cidr).length;
}

/** The network in which an address with prefix length lies: of `10.140.0.1/24` it is `10.140.0.0/24`. */
export function networkOf(address: string): string {
  const { network, length } = parse(address);
  return `${print(network)}/${length}`;
}

function parse(cidr: string): { network: number; length: number } {
  const [, address, length] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(cidr) ?? [];
  const octets = address?.split('.').map(Number) ?? [];
  if (octets.length !== 4 || octets.some((octet) => octet > 255) || Number(length) > 32)
    throw new TypeError(`"${cidr}" is no IPv4 network.`);
  const value = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - Number(length));
  return { network: value - (value % size), length: Number(length) };
}

function print(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
