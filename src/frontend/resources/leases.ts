/** Addresses of networks: taking them for a VM, a reservation or nobody, and giving them back. */

import type { Vector } from '../../opennebula/template.ts';
import {
  type AddressRange,
  addressesAt,
  addressNumber,
  findRange,
  indexOfAddress,
  isShared,
  rangeSize,
} from '../objects/address-range.ts';
import { allocateAddress, chosenAddresses, freeing, IpamRefused, ipamDriver } from '../objects/ipam.ts';
import {
  freeIndex,
  type LeasedRange,
  type LeaseOwner,
  placeForHolder,
  usedAddresses,
} from '../objects/leased-range.ts';
import { Refusal } from '../objects/refusal.ts';
import type { Vnet } from '../objects/vnet.ts';
import type { Cloud } from '../store/cloud.ts';

/** No address could be given out. The message is oned's. */
export class LeaseUnavailable extends Refusal {
  override name = 'LeaseUnavailable';
}

/** A certain address that is asked for; any when empty. */
export interface WantedAddress {
  readonly ip?: string | undefined;
  readonly ip6?: string | undefined;
  readonly mac?: string | undefined;
}

export interface TakenLease {
  readonly range: AddressRange;
  readonly index: number;
  /** MAC, and IP, IP6… as the range has them; without a MAC, and SHARED, where others may hold them too. */
  readonly addresses: Vector;
}

/** The ranges of a network with who holds what. */
export function leasedRanges(cloud: Cloud, vnet: Vnet): LeasedRange[] {
  return vnet.ranges.map((range) => ({
    range,
    leases: cloud.leases.of(vnet.id, range.id),
    wasLeased: cloud.leases.wasLeased(vnet.id, range.id),
  }));
}

/** How many addresses of a network are held by anyone. */
export function usedLeases(cloud: Cloud, vnet: Vnet): number {
  return leasedRanges(cloud, vnet).reduce((sum, leased) => sum + usedAddresses(leased), 0);
}

/**
 * Takes an address: the one wanted, or the next free one of the first range that has one. Within a transaction.
 * @throws LeaseUnavailable
 */
export function takeLease(cloud: Cloud, vnetId: number, owner: LeaseOwner, wanted: WantedAddress = {}): TakenLease {
  const vnet = cloud.pools.vnet.get(vnetId);
  const found = vnet && (isAny(wanted) ? findFree(cloud, vnet) : findWanted(cloud, vnet, wanted));
  if (!found) throw new LeaseUnavailable(`Cannot get IP/MAC lease from virtual network ${vnetId}.`);
  const { range, index } = found;
  cloud.leases.take(vnetId, range.id, index, owner);
  const moved = isAny(wanted) ? (moveCursor(cloud, vnetId, range.id, index + 1) ?? range) : range;
  // oned gives the address back when what it was taken for is refused, and goes on behind it all the same.
  if (moved !== range) cloud.afterRollBack(() => moveCursor(cloud, vnetId, range.id, index + 1));
  const addresses = addressesAt(range, index);
  return { range: moved, index, addresses: isShared(range) ? { ...addresses, SHARED: 'YES' } : addresses };
}

/** Has the next search for a free address start there. */
function moveCursor(cloud: Cloud, vnetId: number, rangeId: number, nextIndex: number): AddressRange | undefined {
  const vnet = cloud.pools.vnet.get(vnetId);
  const range = vnet && findRange(vnet.ranges, rangeId);
  if (!vnet || !range) return undefined;
  const moved = { ...range, nextIndex: nextIndex % Number(range.attributes.SIZE) };
  cloud.pools.vnet.put(withRange(vnet, moved));
  return moved;
}

/** Gives back an address, if the owner holds it. Within a transaction. */
export function releaseLease(cloud: Cloud, vnetId: number, owner: LeaseOwner, address: WantedAddress): void {
  const vnet = cloud.pools.vnet.get(vnetId);
  const place = vnet && findHeld(cloud, vnet, owner, address);
  if (place) giveBack(cloud, vnetId, place.range, place.index);
}

/** Lets go of a place of a range, whoever holds it. Within a transaction. */
export function giveBack(cloud: Cloud, vnetId: number, range: AddressRange, index: number): void {
  cloud.leases.release(vnetId, range.id, index);
  if (ipamDriver(range.attributes) !== undefined) cloud.afterCommit(() => cloud.ipam.tell(freeing(range, index)));
}

/** The place of an address that an owner holds. */
export function findHeld(
  cloud: Cloud,
  vnet: Vnet,
  owner: LeaseOwner,
  address: WantedAddress,
): { range: AddressRange; index: number } | undefined {
  for (const { range, leases } of leasedRanges(cloud, vnet)) {
    const wanted = indexOfAddress(range, address);
    if (wanted === undefined) continue;
    const places = isShared(range) ? [...leases.keys()].filter((index) => addressNumber(index) === wanted) : [wanted];
    const index = places.find((place) => isHolder(leases.get(place), owner));
    if (index !== undefined) return { range, index };
  }
  return undefined;
}

function isHolder(holder: LeaseOwner | undefined, owner: LeaseOwner): boolean {
  return holder?.kind === owner.kind && holder.id === owner.id;
}

/** A place of an address that nobody holds, in the first range that has the address. */
export function findUnused(cloud: Cloud, vnet: Vnet, wanted: WantedAddress) {
  for (const { range, leases } of leasedRanges(cloud, vnet)) {
    const address = indexOfAddress(range, wanted);
    if (address === undefined) continue;
    const isUsed = isShared(range)
      ? [...leases.keys()].some((index) => addressNumber(index) === address)
      : leases.has(address);
    if (!isUsed) return { range, index: address };
  }
  return undefined;
}

/** A place for one more holder of an address, in the first range that has the address. */
function findWanted(cloud: Cloud, vnet: Vnet, wanted: WantedAddress) {
  for (const leased of leasedRanges(cloud, vnet)) {
    const address = indexOfAddress(leased.range, wanted);
    const index = address === undefined ? undefined : placeForHolder(leased, address);
    if (index !== undefined && isGranted(cloud, leased.range, index, 1)) return { range: leased.range, index };
  }
  return undefined;
}

function findFree(cloud: Cloud, vnet: Vnet) {
  for (const leased of leasedRanges(cloud, vnet)) {
    const index = ipamDriver(leased.range.attributes) ? chosenIndex(cloud, leased, 1) : freeIndex(leased);
    if (index !== undefined) return { range: leased.range, index };
  }
  return undefined;
}

/** Whether the driver of a range, if it has one, lets an address be taken, and those after it. @throws AddressAsked */
export function isGranted(cloud: Cloud, range: AddressRange, index: number, count: number): boolean {
  if (ipamDriver(range.attributes) === undefined) return true;
  try {
    allocateAddress(cloud.ipam, range, index, count);
    return true;
  } catch (error) {
    if (error instanceof IpamRefused) return false;
    throw error;
  }
}

/** Where the addresses begin that the driver of a range chooses; undefined when it has none. @throws AddressAsked */
export function chosenIndex(cloud: Cloud, { range, leases }: LeasedRange, count: number): number | undefined {
  if (leases.size + count > rangeSize(range)) return undefined;
  try {
    return chosenAddresses(cloud.ipam, range, count, (index) => index < rangeSize(range) && !leases.has(index));
  } catch (error) {
    if (error instanceof IpamRefused) return undefined;
    throw error;
  }
}

export function withRange(vnet: Vnet, range: AddressRange): Vnet {
  return { ...vnet, ranges: vnet.ranges.map((other) => (other.id === range.id ? range : other)) };
}

function isAny({ ip, ip6, mac }: WantedAddress): boolean {
  return !ip && !ip6 && !mac;
}
