/**
 * What VMs were in each of their stays. There is one entry for every record of every history, and only accounting asks:
 * so they are read from the store when they are wanted, and not held in memory.
 */
import type { VmThen } from '../objects/vm-then.ts';
import type { Store } from './store.ts';
import type { Transaction } from './transaction.ts';

export class StayBook {
  readonly #store: Store;
  readonly #transaction: () => Transaction;

  constructor(store: Store, transaction: () => Transaction) {
    this.#store = store;
    this.#transaction = transaction;
  }

  write(vmId: number, seq: number, body: VmThen): void {
    this.#transaction().stayWritten({ vmId, seq, body });
  }

  /** As committed, by the number of the stay. Stays of a store of an older release have none. */
  of(vmId: number): ReadonlyMap<number, VmThen> {
    return new Map(this.#store.stays(vmId));
  }
}
