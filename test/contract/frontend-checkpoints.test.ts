/** The log of a store's file is emptied on a thread of its own, while the front-end works. */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Checkpointer } from '../../src/frontend/store/checkpointer.ts';

const ROWS = 2000;
const BODY = 'x'.repeat(3000);

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onedock-checkpoints-'));
  path = join(folder, 'one.db');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function openDatabase(): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 5000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE object (id INTEGER, body TEXT)');
  return db;
}

/** How often the log was begun anew: its header's checkpoint sequence number (https://www.sqlite.org/fileformat.html#the_write_ahead_log). */
function timesBegun(): number {
  return readFileSync(`${path}-wal`).readUInt32BE(12);
}

/** Rows of the file without its log. */
function rowsOfFile(): number {
  const copy = join(folder, 'copy.db');
  copyFileSync(path, copy);
  const db = new DatabaseSync(copy);
  try {
    return Number(db.prepare('SELECT count(*) AS count FROM object').get()?.count);
  } finally {
    db.close();
  }
}

describe('the log of a store', () => {
  it('comes into the file while the front-end works, and begins again from there', async () => {
    using db = openDatabase();
    using checkpointer = new Checkpointer(path, db, 200);
    const insert = db.prepare('INSERT INTO object VALUES (?, ?)');
    for (let row = 0; row < ROWS; row++) {
      insert.run(row, BODY);
      checkpointer.wrote(1);
      if (row % 10 === 0) await new Promise(setImmediate);
    }
    await expect
      .poll(() => {
        // The thread may have begun before the last rows were written.
        checkpointer.wrote(200);
        return rowsOfFile();
      })
      .toBe(ROWS);
    const begun = timesBegun();
    await expect
      .poll(() => {
        insert.run(ROWS, BODY);
        checkpointer.wrote(200);
        return timesBegun();
      })
      .toBeGreaterThan(begun);
  });

  it('is not being read any more once the store is closed', () => {
    const db = openDatabase();
    const checkpointer = new Checkpointer(path, db, 1);
    db.prepare('INSERT INTO object VALUES (?, ?)').run(1, BODY);
    checkpointer.wrote(1);
    checkpointer[Symbol.dispose]();
    db.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
    expect(rowsOfFile()).toBe(1);
  });

  it('is emptied by whoever commits where the thread cannot, and no file is made anew', async () => {
    const db = openDatabase();
    const checkpointer = new Checkpointer(join(folder, 'gone.db'), db, 1);
    db.prepare('INSERT INTO object VALUES (?, ?)').run(1, BODY);
    checkpointer.wrote(1);
    checkpointer[Symbol.dispose]();
    checkpointer.wrote(1);
    checkpointer[Symbol.dispose]();
    db.close();
    expect(rowsOfFile()).toBe(1);
    expect(readdirSync(folder)).not.toContain('gone.db');
  });
});
