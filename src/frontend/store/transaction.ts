/** What one transaction has changed so far, and how to take it back. */
import type { Kind, Records } from '../objects/kinds.ts';
import type { Changes, Lease, Link, RecordChange, Stay } from './store.ts';

/** What listeners are told of. */
export type Change = { [K in Kind]: ChangeOf<K> }[Kind] | LeaseFreed;

/** An address of a network that nobody holds any more. */
export interface LeaseFreed {
  readonly kind: 'lease';
  /** Of the network. */
  readonly id: number;
  readonly before?: undefined;
  readonly after?: undefined;
}

/** A record before and after; one of both is missing when it was made or removed. */

export interface ChangeOf<K extends Kind> {
  readonly kind: K;
  readonly id: number;
  readonly before?: Records[K] | undefined;
  readonly after?: Records[K] | undefined;
}

export class Transaction {
  readonly #undo: (() => void)[] = [];
  readonly #records = new Map<string, { kind: Kind; id: number; before?: Records[Kind]; after?: Records[Kind] }>();
  readonly #counters = new Map<string, number>();
  readonly #settings = new Map<string, object>();
  readonly #links = new Map<string, { link: Link; present: boolean }>();
  readonly #leases: Map<string, { lease: Lease; owner?: Lease }> = new Map();
  readonly #stays = new Map<string, Stay>();
  readonly #afterCommit: (() => void)[] = [];
  readonly #afterRollBack: (() => void)[] = [];

  /** @param undo puts memory back as it was */
  recordChanged<K extends Kind>(
    kind: K,
    id: number,
    before: Records[K] | undefined,
    after: Records[K] | undefined,
    undo: () => void,
  ): void {
    const key = `${kind} ${id}`;
    const known = this.#records.get(key);
    const first = known ? known.before : before;
    this.#records.set(key, { kind, id, ...(first ? { before: first } : {}), ...(after ? { after } : {}) });
    this.#undo.push(undo);
  }

  counterChanged(name: string, last: number, undo: () => void): void {
    this.#counters.set(name, last);
    this.#undo.push(undo);
  }

  settingChanged(name: string, value: object, undo: () => void): void {
    this.#settings.set(name, value);
    this.#undo.push(undo);
  }

  linkChanged(link: Link, present: boolean, undo: () => void): void {
    this.#links.set(`${link.relation} ${link.of} ${link.to}`, { link, present });
    this.#undo.push(undo);
  }

  leaseChanged(lease: Lease, present: boolean, undo: () => void): void {
    const key = `${lease.vnetId} ${lease.rangeId} ${lease.index}`;
    this.#leases.set(key, { lease, ...(present ? { owner: lease } : {}) });
    this.#undo.push(undo);
  }

  /** Nothing of it is in memory. */
  stayWritten(stay: Stay): void {
    this.#stays.set(`${stay.vmId} ${stay.seq}`, stay);
  }

  afterCommit(run: () => void): void {
    this.#afterCommit.push(run);
  }

  afterRollBack(run: () => void): void {
    this.#afterRollBack.push(run);
  }

  get isEmpty(): boolean {
    return this.#undo.length === 0 && this.#stays.size === 0;
  }

  /** What the store is to keep. */
  toStore(): Changes {
    const records = [...this.#records.values()].map(
      ({ kind, id, after }): RecordChange => ({ kind, id, record: after }),
    );
    return {
      records,
      counters: this.#counters,
      settings: this.#settings,
      links: this.#links,
      leases: this.#leases,
      stays: this.#stays,
    };
  }

  /** What others are told, in the order in which objects were first touched. */
  toChanges(): Change[] {
    const records = [...this.#records.values()].filter(({ before, after }) => before !== after) as Change[];
    const freed = [...this.#leases.values()].filter(({ owner }) => !owner).map(({ lease }) => lease.vnetId);
    return [...records, ...new Set(freed).values().map((id): LeaseFreed => ({ kind: 'lease', id }))];
  }

  /** Puts memory back, and leaves nothing to keep or to tell. */
  rollBack(): void {
    for (const undo of this.#undo.toReversed()) undo();
    this.#records.clear();
    this.#leases.clear();
    this.#afterCommit.length = 0;
  }

  get afterRolledBack(): readonly (() => void)[] {
    return this.#afterRollBack;
  }

  get afterCommitted(): readonly (() => void)[] {
    return this.#afterCommit;
  }
}
