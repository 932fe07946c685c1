/**
 * The console of one VM: a terminal whose picture any number of clients look at and type into. Its shell is opened when
 * the first one comes, and stays when they go, so that whoever returns finds everything as it was.
 */
import type { Duplex } from 'node:stream';
import { Terminal } from '@xterm/headless';
import { messageOf } from '../errors/thrown.ts';
import type { KeyEffect } from './keys.ts';
import type { HandshakeResult } from './rfb/handshake.ts';
import { BELL, SIZE_REASON } from './rfb/server-messages.ts';
import type { Cells } from './screen/cells.ts';
import { readCells } from './screen/read-cells.ts';
import { type Viewed, Viewer } from './viewer.ts';

/** What a terminal is connected to. The stream ends with the program. */
export interface Shell {
  readonly stream: Duplex;
  resize(columns: number, rows: number): Promise<void>;
}

export interface ConsoleOptions {
  /** Shown by clients as the title. */
  readonly name: string;
  /** @throws any error: its message is shown */
  readonly openShell: (columns: number, rows: number) => Promise<Shell>;
}

export class Console implements Viewed, Disposable {
  readonly name: string;
  readonly #openShell: ConsoleOptions['openShell'];
  readonly #terminal = new Terminal({ cols: 80, rows: 24, scrollback: 1000, allowProposedApi: true });
  readonly #viewers = new Set<Viewer>();
  #shell: Shell | undefined;
  /** `waiting`: for a key, after a shell has ended. */
  #state: 'new' | 'opening' | 'open' | 'waiting' | 'closed' = 'new';
  #showsCursor = true;
  #cells: Cells | undefined;

  constructor({ name, openShell }: ConsoleOptions) {
    this.name = name;
    this.#openShell = openShell;
    this.#terminal.onData((reply) => this.#shell?.stream.write(reply));
    this.#terminal.onBell(() => {
      for (const viewer of this.#viewers) viewer.bell(BELL);
    });
    for (const final of ['h', 'l'] as const)
      this.#terminal.parser.registerCsiHandler({ prefix: '?', final }, (parameters) => {
        if (parameters.includes(CURSOR_MODE)) this.#showsCursor = final === 'h';
        return false;
      });
  }

  /** Serves a client until it goes. @returns how its beginning went */
  async join(stream: Duplex, password: string): Promise<HandshakeResult> {
    stream.on('error', () => {});
    const viewer = new Viewer(stream, this);
    try {
      return await viewer.serve(password, () => {
        this.#viewers.add(viewer);
        if (this.#state === 'new') void this.#open();
      });
    } catch {
      // A stream that breaks is a client that has gone.
      return 'gone';
    } finally {
      this.#viewers.delete(viewer);
    }
  }

  get cursorKeysOfApplication(): boolean {
    return this.#terminal.modes.applicationCursorKeysMode;
  }

  cells(): Cells {
    this.#cells ??= readCells(this.#terminal, this.#showsCursor);
    return this.#cells;
  }

  apply(effect: KeyEffect): void {
    if ('scrollPages' in effect) {
      this.#terminal.scrollPages(effect.scrollPages);
      this.#changed();
    } else if (this.#state === 'waiting') void this.#open();
    else {
      const { viewportY, baseY } = this.#terminal.buffer.active;
      if (viewportY !== baseY) this.scrollLines(baseY - viewportY);
      this.#shell?.stream.write(effect.send);
    }
  }

  scrollLines(lines: number): void {
    this.#terminal.scrollLines(lines);
    this.#changed();
  }

  resize(columns: number, rows: number, by: Viewer): void {
    const { cols: before, rows: rowsBefore } = this.#terminal;
    this.#terminal.resize(within(columns, MOST_COLUMNS), within(rows, MOST_ROWS));
    const { cols: after, rows: rowsAfter } = this.#terminal;
    this.#cells = undefined;
    if (after !== before || rowsAfter !== rowsBefore) {
      // The program may have ended at this moment.
      this.#shell?.resize(after, rowsAfter).catch(() => {});
      for (const viewer of this.#viewers) if (viewer !== by) viewer.resized(SIZE_REASON.byOtherClient);
    }
    by.resized(SIZE_REASON.byThisClient);
  }

  /** Hangs up on the clients and on the shell. */
  [Symbol.dispose](): void {
    this.#state = 'closed';
    this.#shell?.stream.destroy();
    for (const viewer of this.#viewers) viewer.close();
    this.#terminal.dispose();
  }

  async #open(): Promise<void> {
    this.#state = 'opening';
    const { cols, rows } = this.#terminal;
    try {
      const shell = await this.#openShell(cols, rows);
      if (this.#isClosed()) shell.stream.destroy();
      else await this.#follow(shell, cols, rows);
      this.#wait('The program has ended. Press a key to start it again.');
    } catch (error) {
      this.#wait(`${messageOf(error)} Press a key to try again.`);
    }
  }

  /** Until the program has ended. The size may have been changed while it was being started. */
  async #follow(shell: Shell, columns: number, rows: number): Promise<void> {
    this.#shell = shell;
    this.#state = 'open';
    try {
      if (this.#terminal.cols !== columns || this.#terminal.rows !== rows)
        await shell.resize(this.#terminal.cols, this.#terminal.rows);
      // A program that prints faster than the terminal reads has to wait.
      for await (const chunk of shell.stream) await this.#print(chunk);
    } finally {
      this.#shell = undefined;
      shell.stream.destroy();
    }
  }

  #wait(message: string): void {
    if (this.#isClosed()) return;
    this.#state = 'waiting';
    void this.#print(`${RESET}\r\n[${message}]\r\n`);
  }

  async #print(text: Buffer | string): Promise<void> {
    if (this.#isClosed()) return;
    await new Promise<void>((printed) => this.#terminal.write(text, printed));
    this.#changed();
  }

  #changed(): void {
    this.#cells = undefined;
    for (const viewer of this.#viewers) viewer.refresh();
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }
}

/** DECTCEM */
const CURSOR_MODE = 25;
/** Soft reset: colours, modes and margins that a program has left (DECSTR). */
const RESET = '\u001b[!p\u001b[?1049l\u001b[0m';

const FEWEST = 10;
const MOST_COLUMNS = 400;
const MOST_ROWS = 150;

function within(value: number, most: number): number {
  return Math.min(Math.max(value, FEWEST), most);
}
