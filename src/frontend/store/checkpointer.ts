/**
 * Brings what was committed from SQLite's log into its file, on a thread of its own: it takes flushes of the disk and a write
 * for each page, up to a tenth of a second in which the thread that answers calls would answer none. That one does it itself
 * where this one cannot keep up.
 */
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';

/** Written since the last time; a row is a page or two, and SQLite itself would begin at 1,000 pages. */
const ROWS_BETWEEN = 500;
/** The log at which the thread that commits does not wait any longer. */
const LONGEST_LOG_PAGES = 16_000;
/** A thread that nobody needs takes 10 MB. */
const IDLE_MS = 10_000;
/** When its owner closes the file. */
const LONGEST_WAIT_MS = 30_000;

const IDLE = 0;
const BUSY = 1;

interface Work {
  readonly path: string;
  /** One number: whether the thread has the file open. */
  readonly state: Int32Array;
}

export class Checkpointer implements Disposable {
  readonly #work: Work;
  readonly #rowsBetween: number;
  #rows = 0;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** @param db whose file it is: it leaves the log to the thread from here on */
  constructor(path: string, db: DatabaseSync, rowsBetween = ROWS_BETWEEN) {
    this.#work = { path, state: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) };
    this.#rowsBetween = rowsBetween;
    db.exec(`PRAGMA wal_autocheckpoint = ${LONGEST_LOG_PAGES}`);
  }

  /** To be told of every commit. */
  wrote(rows: number): void {
    this.#rows += rows;
    if (this.#rows < this.#rowsBetween || this.#isBusy) return;
    this.#rows = 0;
    this.#worker ??= this.#start();
    this.#endWhenIdle();
    Atomics.store(this.#work.state, 0, BUSY);
    this.#worker.postMessage(undefined);
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => (this.#isBusy ? this.#endWhenIdle() : this.#end()), IDLE_MS).unref();
  }

  get #isBusy(): boolean {
    return Atomics.load(this.#work.state, 0) === BUSY;
  }

  /** Waits until the thread has closed the file. */
  [Symbol.dispose](): void {
    Atomics.wait(this.#work.state, 0, BUSY, LONGEST_WAIT_MS);
    this.#end();
  }

  #start(): Worker {
    // What this process was started with, as modules loaded beforehand, is not for the thread.
    const options = { eval: true, workerData: this.#work, env: {}, execArgv: [] };
    const worker = new Worker(`(${checkpointWhenTold})()`, options);
    worker.unref();
    // What cannot be done here is done by whoever commits.
    worker.on('error', () => this.#end());
    return worker;
  }

  #end(): void {
    clearTimeout(this.#idle);
    void this.#worker?.terminate();
    this.#worker = undefined;
    Atomics.store(this.#work.state, 0, IDLE);
  }
}

/**
 * The program of the thread. It is given as text: it may use nothing that stands outside of it, nor what a compiler would turn
 * into something that does.
 */
function checkpointWhenTold(): void {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  const { path, state } = workerData as Work;
  const url = pathToFileURL(path);
  // A file that is gone is not to be made anew.
  url.searchParams.set('mode', 'rw');
  parentPort?.on('message', () => {
    let db: DatabaseSync | undefined;
    try {
      db = new DatabaseSync(url, { timeout: 0 });
      // Nearly all of it while others commit, then what they have committed meanwhile; they wait for the last of that only.
      for (const mode of ['PASSIVE', 'PASSIVE', 'RESTART']) db.exec(`PRAGMA wal_checkpoint(${mode})`);
    } finally {
      db?.close();
      Atomics.store(state, 0, 0);
      Atomics.notify(state, 0);
    }
  });
}
