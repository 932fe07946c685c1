/**
 * The whole cloud in memory: a pool of records for each kind, relations and leases beside them, and transactions.
 * A transaction runs at one go. What it changed is committed in one piece before it returns, so that nothing is
 * answered, and no driver is called, for a change that a crash could take back. Then those who listen are told.
 */
import { tracedAtOnce } from '../../tracing/spans.ts';
import { hookKey } from '../objects/hook.ts';
import { AddressAsked, type Ipam, NO_IPAM } from '../objects/ipam.ts';
import { KIND_NAMES, type Kind, type Records } from '../objects/kinds.ts';
import { NO_SECRETS, type Secrets } from '../objects/secrets.ts';
import { displayPortKeys } from '../objects/vm.ts';
import { membershipOf, roleKey } from '../objects/vm-group.ts';
import { fail } from './errors.ts';
import { LeaseBook } from './lease-book.ts';
import { Links } from './links.ts';
import { type IndexKeys, Pool } from './pool.ts';
import { Settings } from './settings.ts';
import { StayBook } from './stay-book.ts';
import type { MonitoringLog, Snapshot, Store } from './store.ts';
import { type Change, Transaction } from './transaction.ts';

export type ChangeListener = (changes: readonly Change[]) => void;

type Pools = { readonly [K in Kind]: Pool<K> };

/** What is written in a record about where it belongs. */
const INDICES: { readonly [K in Kind]?: Readonly<Record<string, IndexKeys<Records[K]>>> } = {
  user: { group: (user) => user.groupIds },
  host: { cluster: (host) => [host.clusterId] },
  datastore: { cluster: (datastore) => datastore.clusterIds },
  vnet: { cluster: (vnet) => vnet.clusterIds, parent: (vnet) => [vnet.parentId] },
  image: { datastore: (image) => [image.datastoreId] },
  /** One that is being taken out is listed no more. */
  marketapp: { market: (app) => (app.removing ? [] : [app.marketId]) },
  hook: { key: (hook) => [hookKey(hook)] },
  vm: {
    phase: (vm) => [vm.phase],
    resched: (vm) => (vm.resched ? [1] : []),
    /** `<cluster> <port>` */
    port: displayPortKeys,
    /** `<group> <role>` */
    vmgroup(vm) {
      const membership = membershipOf(vm);
      return membership ? [roleKey(membership)] : [];
    },
    /** Those with something to be done later. */
    scheduled: (vm) => (vm.schedActions.length > 0 && vm.phase !== 'DONE' ? [1] : []),
  },
};

export class Cloud {
  readonly pools: Pools;
  readonly secrets: Secrets;
  /** Of ranges whose addresses are not ours to give. */
  ipam: Ipam = NO_IPAM;
  readonly links: Links;
  readonly leases: LeaseBook;
  readonly settings: Settings;
  readonly stays: StayBook;
  readonly monitoring: MonitoringLog;
  readonly #store: Store;
  readonly #report: (error: unknown) => void;
  readonly #listeners = new Set<ChangeListener>();
  /** Transactions whose listeners have not been told yet. */
  readonly #told: Transaction[] = [];
  #transaction: Transaction | undefined;
  #telling = false;

  /** @param report told of what listeners throw: what they listened to is committed, and others are told all the same */
  constructor(store: Store, report: (error: unknown) => void = rethrowLater, secrets: Secrets = NO_SECRETS) {
    const current = () => {
      if (!this.#transaction) throw fail('CHANGE_OUTSIDE_TRANSACTION', {});
      return this.#transaction;
    };
    const poolOf = <K extends Kind>(kind: K): Pool<K> =>
      new Pool(kind, {
        transaction: current,
        kept: (record) => secrets.seal(kind, record),
        indices: INDICES[kind],
      });
    this.pools = Object.fromEntries(KIND_NAMES.map((kind) => [kind, poolOf(kind)])) as Pools;
    this.secrets = secrets;
    this.links = new Links(current);
    this.leases = new LeaseBook(current);
    this.settings = new Settings(current);
    this.stays = new StayBook(store, current);
    this.monitoring = store.monitoring;
    this.#store = store;
    this.#report = report;
    this.#load();
  }

  #load(): void {
    const snapshot = this.#store.load();
    for (const kind of KIND_NAMES) this.#loadPool(kind, snapshot);
    this.links.load(snapshot.links());
    this.leases.load(snapshot.leases());
    this.settings.load(snapshot.settings());
  }

  #loadPool<K extends Kind>(kind: K, snapshot: Snapshot): void {
    this.pools[kind].load(snapshot.records(kind), snapshot.counters.get(kind));
  }

  /**
   * Runs a change. What it does inside another transaction becomes part of that one. When it throws, everything is as
   * before and nothing is kept.
   */
  transaction<T>(change: () => T): T {
    if (this.#transaction) return change();
    const transaction = new Transaction();
    this.#transaction = transaction;
    try {
      const result = change();
      if (result instanceof Promise) throw fail('TRANSACTION_NOT_SYNCHRONOUS', {});
      if (!transaction.isEmpty) tracedAtOnce('commit', () => this.#store.commit(transaction.toStore()));
      return result;
    } catch (error) {
      transaction.rollBack();
      this.#transaction = undefined;
      // What is done again with an answer has not failed.
      const isOver = !(error instanceof AddressAsked);
      if (isOver) for (const run of transaction.afterRolledBack) this.#guarded(() => this.transaction(run));
      throw error;
    } finally {
      this.#transaction = undefined;
      this.#tell(transaction);
    }
  }

  /** Runs when the open transaction has been committed; at once when there is none. Not when it fails. */
  afterCommit(run: () => void): void {
    if (this.#transaction) this.#transaction.afterCommit(run);
    else run();
  }

  /** Runs, as a transaction of its own, when the open transaction has failed. */
  afterRollBack(run: () => void): void {
    this.#transaction?.afterRollBack(run);
  }

  /** Tells `listener` of every committed transaction, in order, until the result is disposed. */
  subscribe(listener: ChangeListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** A listener may run transactions itself: they are told after this one. */
  #tell(transaction: Transaction): void {
    this.#told.push(transaction);
    if (this.#telling) return;
    this.#telling = true;
    for (let next = this.#told.shift(); next; next = this.#told.shift()) {
      const changes = next.toChanges();
      if (changes.length > 0) for (const listener of this.#listeners) this.#guarded(() => listener(changes));
      for (const run of next.afterCommitted) this.#guarded(run);
    }
    this.#telling = false;
  }

  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#report(error);
    }
  }
}

/** A defect: it must not be lost, nor take the answer of the call that happened to trigger it. */
function rethrowLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
