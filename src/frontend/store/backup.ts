/**
 * A store as one file, to be kept elsewhere, and back. A backup is what was committed when it began; the front-end may go on
 * working meanwhile. Only the front-end's own records are in it: images lie in their datastores, disks on hosts.
 */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../errors/thrown.ts';
import { fail } from './errors.ts';
import { ownLikeItsFolder } from './like-its-folder.ts';
import { NEWEST_SCHEMA, schemaVersion } from './schema.ts';
import { lockStore } from './store-lock.ts';

/** The schema of a store or of a backup. @throws STORE_NOT_FOUND, STORE_UNREADABLE, STORE_TOO_NEW */
export function schemaOf(path: string): number {
  using db = openToRead(path);
  return readSchema(db, path);
}

/**
 * Writes the store `from` to the file `to`, which is whole or as it was before.
 * @throws STORE_NOT_FOUND, STORE_UNREADABLE, STORE_TOO_NEW
 */
export function backUpStore(from: string, to: string): void {
  using db = openToRead(from);
  readSchema(db, from);
  copyInto(db, to);
}

/**
 * Puts the backup `from` in the place of the store `to`, whose front-end must not run.
 * @throws STORE_NOT_FOUND, STORE_UNREADABLE, STORE_TOO_NEW, STORE_IN_USE
 */
export function restoreStore(from: string, to: string): void {
  using _lock = lockStore(to);
  using db = openToRead(from);
  readSchema(db, from);
  ensureSound(db, from);
  copyInto(db, to);
}

function copyInto(db: DatabaseSync, path: string): void {
  const partial = `${path}.partial`;
  rmSync(partial, { force: true });
  try {
    db.prepare('VACUUM INTO ?').run(partial);
    ownLikeItsFolder(partial);
    // What SQLite would replay belongs to the file that goes.
    for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
}

function openToRead(path: string): DatabaseSync {
  if (!existsSync(path)) throw fail('STORE_NOT_FOUND', { path });
  return new DatabaseSync(path, { readOnly: true });
}

function readSchema(db: DatabaseSync, path: string): number {
  const version = readUserVersion(db, path);
  if (version === 0) throw fail('STORE_UNREADABLE', { path, problem: 'It is a database of something else.' });
  if (version > NEWEST_SCHEMA) throw fail('STORE_TOO_NEW', { path, version, newest: NEWEST_SCHEMA });
  return version;
}

function readUserVersion(db: DatabaseSync, path: string): number {
  try {
    return schemaVersion(db);
  } catch (error) {
    throw fail('STORE_UNREADABLE', { path, problem: messageOf(error) }, error);
  }
}

function ensureSound(db: DatabaseSync, path: string): void {
  const problem = db.prepare('PRAGMA quick_check(1)').get()?.quick_check ?? 'ok';
  if (problem !== 'ok') throw fail('STORE_UNREADABLE', { path, problem: String(problem) });
}
