/**
 * The store in one SQLite file. WAL with synchronous=NORMAL: a commit reaches the operating system before it returns, so
 * it survives the end of the process at any moment; only a power failure may take the last ones.
 */
import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../errors/thrown.ts';
import type { Kind } from '../objects/kinds.ts';
import type { VmThen } from '../objects/vm-then.ts';
import { Checkpointer } from './checkpointer.ts';
import { decodeRecord, decodeVmThen, encodeRecord, encodeVmThen } from './codec.ts';
import { fail } from './errors.ts';
import { bringUpToDate } from './schema.ts';
import { SqliteMonitoringLog } from './sqlite-monitoring-log.ts';
import { prepareStatements, type Statements } from './statements.ts';
import type { Changes, MonitoringLog, Snapshot, Store } from './store.ts';
import { lockStore } from './store-lock.ts';

export class SqliteStore implements Store {
  readonly monitoring: MonitoringLog;
  readonly #made: DisposableStack;
  readonly #db: DatabaseSync;
  readonly #statements: Statements;
  readonly #monitoring: SqliteMonitoringLog;
  readonly #wrote: (rows: number) => void;

  /**
   * @param path of the file, which is made when absent; `:memory:` for one that ends with the process
   * @throws STORE_IN_USE, STORE_TOO_NEW, STORE_UNREADABLE
   */
  constructor(path: string) {
    using made = new DisposableStack();
    if (path !== IN_MEMORY) made.use(lockStore(path));
    this.#db = made.use(openDatabase(path));
    bringUpToDate(this.#db, path);
    this.#statements = prepareStatements(this.#db);
    const checkpointer = path === IN_MEMORY ? undefined : made.use(new Checkpointer(path, this.#db));
    this.#wrote = (rows) => checkpointer?.wrote(rows);
    this.#monitoring = new SqliteMonitoringLog(this.#statements, this.#wrote);
    this.monitoring = this.#monitoring;
    this.#made = made.move();
  }

  load(): Snapshot {
    const statements = this.#statements;
    return {
      *records<K extends Kind>(kind: K) {
        for (const { body } of statements.eachObject(kind)) yield decodeRecord(kind, body);
      },
      counters: new Map(statements.allCounters().map(({ name, last }) => [name, last])),
      *links() {
        for (const { relation, of_id, to_id } of statements.eachLink()) yield { relation, of: of_id, to: to_id };
      },
      *settings() {
        for (const { name, body } of statements.allSettings()) yield [name, JSON.parse(body)] as const;
      },
      *leases() {
        for (const { vnet, range, index, owner_kind, owner_id } of statements.eachLease()) {
          yield { vnetId: vnet, rangeId: range, index, ownerKind: owner_kind, ownerId: owner_id };
        }
      },
    };
  }

  commit({ records, counters, settings, links, leases, stays }: Changes): void {
    const sql = this.#statements;
    sql.begin();
    try {
      for (const { kind, id, record } of records) {
        if (record) sql.putObject[kind](id, encodeRecord(record));
        else sql.deleteObject[kind](id);
      }
      for (const [name, last] of counters) sql.putCounter(name, last);
      for (const [name, value] of settings) sql.putSetting(name, JSON.stringify(value));
      for (const { link, present } of links.values()) {
        (present ? sql.putLink : sql.deleteLink)(link.relation, link.of, link.to);
      }
      for (const { lease, owner } of leases.values()) {
        if (owner) sql.putLease(lease.vnetId, lease.rangeId, lease.index, owner.ownerKind, owner.ownerId);
        else sql.deleteLease(lease.vnetId, lease.rangeId, lease.index);
      }
      for (const { vmId, seq, body } of stays.values()) sql.putStay(vmId, seq, encodeVmThen(body));
      sql.commit();
    } catch (error) {
      sql.rollback();
      throw error;
    }
    this.#wrote(records.length + counters.size + settings.size + links.size + leases.size + stays.size);
  }

  *stays(vmId: number): Generator<readonly [seq: number, body: VmThen]> {
    for (const { seq, body } of this.#statements.staysOf(vmId)) yield [seq, decodeVmThen(body)];
  }

  [Symbol.dispose](): void {
    this.#monitoring.flush();
    this.#made.dispose();
  }
}

const IN_MEMORY = ':memory:';

/** How long to wait for another process that reads or backs the file up. */
const BUSY_TIMEOUT_MS = 5_000;

/** The file holds password digests and tokens: only its owner reads it. */
const FILE_MODE = 0o600;

function openDatabase(path: string): DatabaseSync {
  if (path !== IN_MEMORY) closeSync(openSync(path, 'a', FILE_MODE));
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
  } catch (error) {
    db.close();
    throw fail('STORE_UNREADABLE', { path, problem: messageOf(error) }, error);
  }
  return db;
}
