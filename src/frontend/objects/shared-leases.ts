/**
 * Leases of ranges with SHARED=YES, whose addresses several may hold, each by a MAC of its own (src/vnm/AddressRange.cc,
 * 7.4). The lease of an address's first holder has the number of the address, that of the next one 2^32 more, and so on.
 */
import type { AddressRange, LeasedRange } from './address-range.ts';

const NEXT_HOLDER = 2 ** 32;

export function isShared({ attributes }: AddressRange): boolean {
  return attributes.SHARED === 'YES';
}

/** The number of the address that a lease is of. */
export function addressNumber(index: number): number {
  return index % NEXT_HOLDER;
}

/** Where the next holder of an address finds a place; undefined when it is taken and not shared. */
export function placeForHolder({ range, leases }: LeasedRange, address: number): number | undefined {
  let index = address;
  while (leases.has(index)) {
    if (!isShared(range)) return undefined;
    index += NEXT_HOLDER;
  }
  return index;
}

/** How many addresses are taken, by whomever. */
export function usedAddresses({ range, leases }: Pick<LeasedRange, 'range' | 'leases'>): number {
  return isShared(range) ? new Set([...leases.keys()].map(addressNumber)).size : leases.size;
}
