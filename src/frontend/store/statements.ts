/** The SQL of the store, by name, with the types of what each takes and gives. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { tableOf } from '../../opennebula/tables.ts';
import { KIND_NAMES, type Kind } from '../objects/kinds.ts';

export interface ObjectRow {
  readonly body: string;
}

export interface LinkRow {
  readonly relation: string;
  readonly of_id: number;
  readonly to_id: number;
}

export interface LeaseRow {
  readonly vnet: number;
  readonly range: number;
  readonly index: number;
  readonly owner_kind: string;
  readonly owner_id: number;
}

export interface StayRow {
  readonly seq: number;
  readonly body: string;
}

export interface CounterRow {
  readonly name: string;
  readonly last: number;
}

export interface SettingRow {
  readonly name: string;
  readonly body: string;
}

export interface SampleRow {
  readonly id: number;
  readonly time: number;
  readonly body: string;
}

/** Runs for its effect. */
export type Write<Args extends readonly SQLInputValue[]> = (...args: Args) => void;

export function prepareStatements(db: DatabaseSync) {
  const write = <Args extends readonly SQLInputValue[]>(sql: string): Write<Args> => {
    const statement = db.prepare(sql);
    return (...args) => void statement.run(...args);
  };
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

    allObjects: (kind: Kind) =>
      db.prepare(`SELECT body FROM "${kind}" ORDER BY id`).iterate() as unknown as Iterable<ObjectRow>,
    allCounters: () => db.prepare('SELECT name, last FROM counter').all() as unknown as CounterRow[],
    allSettings: () => db.prepare('SELECT name, body FROM setting').all() as unknown as SettingRow[],
    allLinks: () => db.prepare('SELECT * FROM link').iterate() as unknown as Iterable<LinkRow>,
    allLeases: () => db.prepare('SELECT * FROM lease').iterate() as unknown as Iterable<LeaseRow>,
    staysOf: (vm: number) =>
      db.prepare('SELECT seq, body FROM stay WHERE vm = ? ORDER BY seq').all(vm) as unknown as StayRow[],
    samplesOf: (kind: string, id: number, since: number) =>
      db
        .prepare('SELECT id, time, body FROM monitoring WHERE kind = ? AND id = ? AND time >= ? ORDER BY time')
        .all(kind, id, since) as unknown as SampleRow[],
  };
}

export type Statements = ReturnType<typeof prepareStatements>;
