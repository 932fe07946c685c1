/**
 * Which leases of a range are taken, and which are free. Who holds them is written in the lease book. With SHARED=YES several may
 * hold an address (src/vnm/AddressRange.cc, 7.4).
 */
import { type AddressRange, addressNumber, isShared, NEXT_HOLDER, rangeSize } from './address-range.ts';

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
  /** Addresses of it were leased once, though none may be now. */
  readonly wasLeased?: boolean;
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
