/** The SQL of the store, by name, with the types of what each takes and gives. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { tableOf } from '../../opennebula/tables.ts';
import { KIND_NAMES, type Kind } from '../objects/kinds.ts';
import type { LeaseOwnerKind } from '../objects/leased-range.ts';
import type { RelationName } from './store.ts';

interface ObjectRow {
  readonly body: string;
}

interface LinkRow {
  readonly relation: RelationName;
  readonly of_id: number;
  readonly to_id: number;
}

interface LeaseRow {
  readonly vnet: number;
  readonly range: number;
  readonly index: number;
  readonly owner_kind: LeaseOwnerKind;
  readonly owner_id: number;
}

interface StayRow {
  readonly seq: number;
  readonly body: string;
}

interface CounterRow {
  readonly name: string;
  readonly last: number;
}

interface SettingRow {
  readonly name: string;
  readonly body: string;
}

interface SampleRow {
  readonly id: number;
  readonly time: number;
  readonly body: string;
}

/** Runs for its effect. */
type Write<Args extends readonly SQLInputValue[]> = (...args: Args) => void;

/** Runs for what it finds. */
type Read<Found, Args extends readonly SQLInputValue[]> = (...args: Args) => Found;

export function prepareStatements(db: DatabaseSync) {
  const write = <Args extends readonly SQLInputValue[]>(sql: string): Write<Args> => {
    const statement = db.prepare(sql);
    return (...args) => void statement.run(...args);
  };
  const rows =
    <Row, Args extends readonly SQLInputValue[] = []>(sql: string): Read<Row[], Args> =>
    (...args) =>
      db.prepare(sql).all(...args) as unknown as Row[];
  const eachRow = <Row>(sql: string) => db.prepare(sql).iterate() as unknown as Iterable<Row>;
  const perKind = <T>(make: (kind: Kind) => T) => tableOf(KIND_NAMES, make);

  return {
    begin: write<[]>('BEGIN IMMEDIATE'),
    commit: write<[]>('COMMIT'),
    rollback: write<[]>('ROLLBACK'),
    putObject: perKind((kind) =>
      write<[id: number, body: string]>(
        `INSERT INTO "${kind}" (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
      ),
    ),
    deleteObject: perKind((kind) => write<[id: number]>(`DELETE FROM "${kind}" WHERE id = ?`)),
    putCounter: write<[name: string, last: number]>('INSERT OR REPLACE INTO counter (name, last) VALUES (?, ?)'),
    putSetting: write<[name: string, body: string]>('INSERT OR REPLACE INTO setting (name, body) VALUES (?, ?)'),
    putLink: write<[relation: string, of: number, to: number]>(
      'INSERT OR IGNORE INTO link (relation, of_id, to_id) VALUES (?, ?, ?)',
    ),
    deleteLink: write<[relation: string, of: number, to: number]>(
      'DELETE FROM link WHERE relation = ? AND of_id = ? AND to_id = ?',
    ),
    putLease: write<[vnet: number, range: number, index: number, kind: string, owner: number]>(
      'INSERT OR REPLACE INTO lease (vnet, range, "index", owner_kind, owner_id) VALUES (?, ?, ?, ?, ?)',
    ),
    deleteLease: write<[vnet: number, range: number, index: number]>(
      'DELETE FROM lease WHERE vnet = ? AND range = ? AND "index" = ?',
    ),
    putStay: write<[vm: number, seq: number, body: string]>(
      'INSERT OR REPLACE INTO stay (vm, seq, body) VALUES (?, ?, ?)',
    ),
    putSample: write<[kind: string, id: number, time: number, body: string]>(
      'INSERT OR REPLACE INTO monitoring (kind, id, time, body) VALUES (?, ?, ?, ?)',
    ),
    expireSamples: write<[kind: string, before: number]>('DELETE FROM monitoring WHERE kind = ? AND time < ?'),

    eachObject: (kind: Kind) => eachRow<ObjectRow>(`SELECT body FROM "${kind}" ORDER BY id`),
    eachLink: () => eachRow<LinkRow>('SELECT * FROM link'),
    eachLease: () => eachRow<LeaseRow>('SELECT * FROM lease'),
    allCounters: rows<CounterRow>('SELECT name, last FROM counter'),
    allSettings: rows<SettingRow>('SELECT name, body FROM setting'),
    staysOf: rows<StayRow, [vm: number]>('SELECT seq, body FROM stay WHERE vm = ? ORDER BY seq'),
    samplesOf: rows<SampleRow, [kind: string, id: number, since: number]>(
      'SELECT id, time, body FROM monitoring WHERE kind = ? AND id = ? AND time >= ? ORDER BY time',
    ),
  };
}

export type Statements = ReturnType<typeof prepareStatements>;
