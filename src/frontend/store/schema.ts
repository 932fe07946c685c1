/** Which schema a database has, and how it comes by the one that this release of ONEDock writes. */
import type { DatabaseSync } from 'node:sqlite';
import { fail } from './errors.ts';
import { MIGRATIONS } from './migrations/index.ts';

export const NEWEST_SCHEMA = MIGRATIONS.at(-1)?.version ?? 0;

/** 0 for a database that is empty, or of something else. */
export function schemaVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version);
}

/** @throws STORE_TOO_NEW */
export function bringUpToDate(db: DatabaseSync, path: string): void {
  const version = schemaVersion(db);
  if (version > NEWEST_SCHEMA) throw fail('STORE_TOO_NEW', { path, version, newest: NEWEST_SCHEMA });
  for (const migration of MIGRATIONS.filter((candidate) => candidate.version > version)) {
    db.exec(`BEGIN IMMEDIATE; ${migration.sql} PRAGMA user_version = ${migration.version}; COMMIT;`);
  }
}
