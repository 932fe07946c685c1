/** Who holds which address of which network. An address has one holder at most. */
import type { LeaseOwner } from '../objects/leased-range.ts';
import type { Lease } from './store.ts';
import type { Transaction } from './transaction.ts';

export class LeaseBook {
  readonly #leases = new Map<string, Map<number, LeaseOwner>>();
  readonly #transaction: () => Transaction;

  constructor(transaction: () => Transaction) {
    this.#transaction = transaction;
  }

  /** By index in the range. */
  of(vnetId: number, rangeId: number): ReadonlyMap<number, LeaseOwner> {
    return this.#leases.get(rangeKey(vnetId, rangeId)) ?? NONE;
  }

  /** Whether any address of the range was leased since this front-end started. */
  wasLeased(vnetId: number, rangeId: number): boolean {
    return this.#leases.has(rangeKey(vnetId, rangeId));
  }

  take(vnetId: number, rangeId: number, index: number, owner: LeaseOwner): void {
    this.#change(vnetId, rangeId, index, owner);
  }

  release(vnetId: number, rangeId: number, index: number): void {
    this.#change(vnetId, rangeId, index, undefined);
  }

  load(leases: Iterable<Lease>): void {
    for (const { vnetId, rangeId, index, ownerKind, ownerId } of leases) {
      this.#set(vnetId, rangeId, index, { kind: ownerKind, id: ownerId });
    }
  }

  #change(vnetId: number, rangeId: number, index: number, owner: LeaseOwner | undefined): void {
    const before = this.of(vnetId, rangeId).get(index);
    if (!before && !owner) return;
    const lease: Lease = { vnetId, rangeId, index, ownerKind: owner?.kind ?? 'VM', ownerId: owner?.id ?? -1 };
    this.#transaction().leaseChanged(lease, owner !== undefined, () => this.#set(vnetId, rangeId, index, before));
    this.#set(vnetId, rangeId, index, owner);
  }

  #set(vnetId: number, rangeId: number, index: number, owner: LeaseOwner | undefined): void {
    const key = rangeKey(vnetId, rangeId);
    const known = this.#leases.get(key);
    if (owner) {
      if (known) known.set(index, owner);
      else this.#leases.set(key, new Map([[index, owner]]));
    } else {
      known?.delete(index);
    }
  }
}

const NONE: ReadonlyMap<number, LeaseOwner> = new Map();

function rangeKey(vnetId: number, rangeId: number): string {
  return `${vnetId} ${rangeId}`;
}
