/** All objects of a kind, in memory. Records are replaced, never changed; changes belong to a transaction. */
import { KINDS, type Kind, type Records } from '../objects/kinds.ts';
import type { ObjectRecord, OwnedRecord } from '../objects/record.ts';
import type { Transaction } from './transaction.ts';

/** Finds records by something that is written in them, as images by their datastore. */
export type IndexKeys<T> = (record: T) => Iterable<number | string>;

export class Pool<K extends Kind> {
  readonly kind: K;
  readonly #records = new Map<number, Records[K]>();
  readonly #indices = new Map<string, { keysOf: IndexKeys<Records[K]>; ids: IdsByKey }>();
  readonly #transaction: () => Transaction;
  readonly #kept: (record: Records[K]) => Records[K];
  #lastId: number;
  #inOrder = true;
  #ids: readonly number[] | undefined;

  /**
   * @param options.transaction the one that is open. @throws CHANGE_OUTSIDE_TRANSACTION
   * @param options.kept a record as it is kept, with its secrets encrypted
   */
  constructor(
    kind: K,
    options: {
      readonly transaction: () => Transaction;
      readonly kept: (record: Records[K]) => Records[K];
      readonly indices?: Readonly<Record<string, IndexKeys<Records[K]>>> | undefined;
    },
  ) {
    const { transaction, kept, indices = {} } = options;
    this.kind = kind;
    this.#transaction = transaction;
    this.#kept = kept;
    this.#lastId = KINDS[kind].firstId - 1;
    const all = { ...indices, name: (record: Records[K]) => [this.#nameKey(record.name, ownerOf(record))] };
    for (const [name, keysOf] of Object.entries(all)) this.#indices.set(name, { keysOf, ids: new Map() });
  }

  get size(): number {
    return this.#records.size;
  }

  get(id: number): Records[K] | undefined {
    return this.#records.get(id);
  }

  /** Those of these ids that are there, in the order of the ids. */
  withIds(ids: Iterable<number>): Records[K][] {
    const found: Records[K][] = [];
    for (const id of ids) {
      const record = this.#records.get(id);
      if (record) found.push(record);
    }
    return found;
  }

  /** Ascending by id. */
  all(): Iterable<Records[K]> {
    this.#sort();
    return this.#records.values();
  }

  /** The ids of all records, ascending. */
  allIds(): readonly number[] {
    this.#sort();
    this.#ids ??= [...this.#records.keys()];
    return this.#ids;
  }

  /** The object of a name; where names are unique per owner, that of the owner. */
  byName(name: string, uid = -1): Records[K] | undefined {
    const [id] = this.ids('name', this.#nameKey(name, uid));
    return id === undefined ? undefined : this.#records.get(id);
  }

  /** Ids of the records that an index lists under a key, in no order. */
  ids(index: string, key: number | string): ReadonlySet<number> {
    const ids = this.#indices.get(index)?.ids.get(key) ?? NONE;
    return typeof ids === 'number' ? new Set([ids]) : ids;
  }

  /** The id that was given out last; below the first one when none was. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Takes the next id. It is given back only when the transaction fails. */
  nextId(): number {
    const before = this.#lastId;
    const undo = () => {
      this.#lastId = before;
    };
    this.#transaction().counterChanged(this.kind, before + 1, undo);
    this.#lastId = before + 1;
    return this.#lastId;
  }

  /** Puts a record in place of the one with its id, or adds it. */
  put(record: Records[K]): Records[K] {
    const kept = this.#kept(record);
    this.#change(kept.id, kept);
    return kept;
  }

  delete(id: number): void {
    if (this.#records.has(id)) this.#change(id, undefined);
  }

  /** Takes over what the store held, outside of any transaction. */
  load(records: Iterable<Records[K]>, lastId: number | undefined): void {
    for (const record of records) this.#set(record.id, this.#kept(record));
    if (lastId !== undefined) this.#lastId = lastId;
  }

  #change(id: number, after: Records[K] | undefined): void {
    const before = this.#records.get(id);
    if (before === after) return;
    this.#transaction().recordChanged(this.kind, id, before, after, () => {
      this.#set(id, before);
      if (!after) this.#inOrder = false;
    });
    this.#set(id, after);
  }

  #set(id: number, record: Records[K] | undefined): void {
    const before = this.#records.get(id);
    for (const { keysOf, ids } of this.#indices.values()) {
      if (before) for (const key of keysOf(before)) removeFrom(ids, key, id);
      if (record) for (const key of keysOf(record)) addTo(ids, key, id);
    }
    if (!before !== !record) this.#ids = undefined;
    if (record) this.#records.set(id, record);
    else this.#records.delete(id);
  }

  /** A record that a failed transaction had removed came back at the end. */
  #sort(): void {
    if (this.#inOrder) return;
    const sorted = [...this.#records].sort(([a], [b]) => a - b);
    this.#records.clear();
    for (const [id, record] of sorted) this.#records.set(id, record);
    this.#inOrder = true;
  }

  #nameKey(name: string, uid: number): string {
    return KINDS[this.kind].namesUnique === 'owner' ? `${uid} ${name}` : name;
  }
}

const NONE: ReadonlySet<number> = new Set();

function ownerOf({ uid = -1 }: ObjectRecord & Partial<OwnedRecord>): number {
  return uid;
}

/** Of most keys, as of names, there is one: a set for each would take as much as what stands in the records. */
type IdsByKey = Map<number | string, number | Set<number>>;

function addTo(ids: IdsByKey, key: number | string, id: number): void {
  const known = ids.get(key);
  if (known === undefined) ids.set(key, id);
  else if (typeof known === 'number') ids.set(key, new Set([known, id]));
  else known.add(id);
}

function removeFrom(ids: IdsByKey, key: number | string, id: number): void {
  const known = ids.get(key);
  if (known === id) ids.delete(key);
  if (typeof known !== 'object') return;
  known.delete(id);
  if (known.size === 0) ids.delete(key);
}
