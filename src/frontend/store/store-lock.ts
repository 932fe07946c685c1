/**
 * Who works with a store keeps everyone else out: two front-ends on one file would undo each other's changes. The lock is
 * SQLite's own on a file beside the store, so that the system takes it back however the process ends. Readers, as
 * a backup, need none.
 */
import { DatabaseSync } from 'node:sqlite';
import { fail } from './errors.ts';
import { ownLikeItsFolder } from './like-its-folder.ts';

/** SQLite's code for a file that another has locked. */
const SQLITE_BUSY = 5;

/** Held until disposed of. @throws STORE_IN_USE */
export function lockStore(path: string): Disposable {
  const file = `${path}.lock`;
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    ownLikeItsFolder(file);
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!(error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY)) throw error;
    throw fail('STORE_IN_USE', { path }, error);
  }
  return { [Symbol.dispose]: () => lock.close() };
}
