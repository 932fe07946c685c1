/** One client that looks at a console: it gets what has changed since it last asked, and types. */
import type { Duplex } from 'node:stream';
import { Keyboard, type KeyEffect } from './keys.ts';
import { ByteReader } from './rfb/byte-reader.ts';
import { type ClientMessage, readMessage } from './rfb/client-messages.ts';
import { encodeRaw, encodeZrle, RAW, ZRLE } from './rfb/encodings.ts';
import { type HandshakeResult, shakeHands } from './rfb/handshake.ts';
import { TRUE_COLOUR } from './rfb/pixel-format.ts';
import {
  DESKTOP_SIZE,
  desktopSize,
  EXTENDED_DESKTOP_SIZE,
  extendedDesktopSize,
  printServerInit,
  printUpdate,
  type Rectangle,
  SIZE_REASON,
  type Size,
  type SizeReason,
} from './rfb/server-messages.ts';
import { type Area, type Cells, changedAreas, emptyCells } from './screen/cells.ts';
import { GLYPH_HEIGHT, GLYPH_WIDTH } from './screen/font.ts';
import { pictureOf } from './screen/picture.ts';

/** What a viewer looks at. */
export interface Viewed {
  readonly name: string;
  readonly cursorKeysOfApplication: boolean;
  cells(): Cells;
  apply(effect: KeyEffect): void;
  scrollLines(lines: number): void;
  /** Everybody's console gets another size. @param by  who is told that it was its wish */
  resize(columns: number, rows: number, by: Viewer): void;
}

export class Viewer {
  readonly #stream: Duplex;
  readonly #viewed: Viewed;
  readonly #keyboard = new Keyboard();
  #format = TRUE_COLOUR;
  #encodings: readonly number[] = [];
  /** What the client has on its screen. Its size is the one that it knows of. */
  #seen: Cells = emptyCells(0, 0);
  #isWanted = false;
  #sizeReason: SizeReason | undefined;
  #hasZlibHeader = false;
  #buttons = 0;

  constructor(stream: Duplex, viewed: Viewed) {
    this.#stream = stream;
    this.#viewed = viewed;
  }

  /** Serves the client until it goes. @param joined  called when it was let in, before it sees anything */
  async serve(password: string, joined: () => void): Promise<HandshakeResult> {
    const reader = new ByteReader(this.#stream);
    const deadline = setTimeout(() => this.#stream.destroy(), HANDSHAKE_SECONDS * 1000);
    try {
      const result = await shakeHands(reader, this.#stream, password);
      clearTimeout(deadline);
      if (result === 'shook') {
        joined();
        await this.#converse(reader);
      }
      return result;
    } finally {
      clearTimeout(deadline);
      // Whoever waits for the result need not wait for a client that does not read.
      this.#stream.end(() => reader.close());
    }
  }

  /** The console looks different than before. */
  refresh(): void {
    if (!this.#isWanted || this.#stream.destroyed) return;
    const update = this.#nextUpdate();
    if (update.length === 0) return;
    this.#isWanted = false;
    this.#stream.write(printUpdate(update));
  }

  /** The console has another size. */
  resized(reason: SizeReason): void {
    this.#sizeReason = reason;
    this.refresh();
  }

  bell(message: Buffer): void {
    this.#stream.write(message);
  }

  /** Sends what is on its way, and hangs up. */
  close(): void {
    this.#stream.end(() => this.#stream.destroy());
  }

  async #converse(reader: ByteReader): Promise<void> {
    const { columns, rows } = this.#viewed.cells();
    this.#seen = emptyCells(columns, rows);
    this.#stream.write(printServerInit(sizeOf(this.#seen), this.#format, this.#viewed.name));
    for (let message = await readMessage(reader); message; message = await readMessage(reader))
      if (!this.#heed(message)) break;
  }

  /** @returns false for what ends the connection: there is no way to say that something is not understood */
  #heed(message: ClientMessage): boolean {
    switch (message.type) {
      case 'pixel-format':
        if (!message.format) return false;
        this.#format = message.format;
        return true;
      case 'encodings':
        this.#encodings = message.encodings;
        // By this a client learns that it may ask for a size.
        if (message.encodings.includes(EXTENDED_DESKTOP_SIZE)) this.#sizeReason ??= SIZE_REASON.byServer;
        return true;
      case 'update-request':
        this.#isWanted = true;
        if (!message.incremental) this.#seen = emptyCells(this.#seen.columns, this.#seen.rows);
        this.refresh();
        return true;
      case 'key': {
        const effect = this.#keyboard.press(message.keysym, message.down, this.#viewed.cursorKeysOfApplication);
        if (effect) this.#viewed.apply(effect);
        return true;
      }
      case 'pointer':
        this.#wheel(message.buttons);
        return true;
      case 'desktop-size':
        this.#viewed.resize(Math.floor(message.width / GLYPH_WIDTH), Math.floor(message.height / GLYPH_HEIGHT), this);
        return true;
      case 'cut-text':
        // Some viewers send the clipboard whenever they are looked at: it must not be typed into a shell.
        return true;
      case 'unknown':
        return false;
    }
  }

  /** Buttons 4 and 5 are the wheel. */
  #wheel(buttons: number): void {
    const pressed = buttons & ~this.#buttons;
    this.#buttons = buttons;
    if (pressed & WHEEL_UP) this.#viewed.scrollLines(-WHEEL_LINES);
    if (pressed & WHEEL_DOWN) this.#viewed.scrollLines(WHEEL_LINES);
  }

  #nextUpdate(): Rectangle[] {
    const cells = this.#viewed.cells();
    const size = this.#newSize(cells);
    if (size) return [size];
    const shown = fitted(cells, this.#seen);
    const areas = changedAreas(this.#seen, shown);
    this.#seen = shown;
    return areas.map((area) => this.#rectangle(shown, area));
  }

  /** Told alone: what is shown follows when the client asks again. */
  #newSize(cells: Cells): Rectangle | undefined {
    const isOther = cells.columns !== this.#seen.columns || cells.rows !== this.#seen.rows;
    const reason = this.#sizeReason ?? (isOther ? SIZE_REASON.byServer : undefined);
    if (reason === undefined) return undefined;
    const isExtended = this.#encodings.includes(EXTENDED_DESKTOP_SIZE);
    this.#sizeReason = undefined;
    if (!isExtended && !(isOther && this.#encodings.includes(DESKTOP_SIZE))) return undefined;
    if (isOther) this.#seen = emptyCells(cells.columns, cells.rows);
    return isExtended ? extendedDesktopSize(sizeOf(cells), reason) : desktopSize(sizeOf(cells));
  }

  #rectangle(cells: Cells, area: Area): Rectangle {
    const picture = pictureOf(cells, area);
    const { width, height } = picture;
    const place = { x: area.column * GLYPH_WIDTH, y: area.row * GLYPH_HEIGHT, width, height };
    if (!this.#encodings.includes(ZRLE)) return { ...place, encoding: RAW, content: encodeRaw(picture, this.#format) };
    const content = encodeZrle(picture, this.#format, !this.#hasZlibHeader);
    this.#hasZlibHeader = true;
    return { ...place, encoding: ZRLE, content };
  }
}

const HANDSHAKE_SECONDS = 60;
const WHEEL_UP = 1 << 3;
const WHEEL_DOWN = 1 << 4;
const WHEEL_LINES = 3;

function sizeOf({ columns, rows }: Pick<Cells, 'columns' | 'rows'>): Size {
  return { width: columns * GLYPH_WIDTH, height: rows * GLYPH_HEIGHT };
}

/** The upper left part, for a client that cannot follow a change of size. */
function fitted(cells: Cells, { columns, rows }: Pick<Cells, 'columns' | 'rows'>): Cells {
  if (cells.columns === columns && cells.rows === rows) return cells;
  const part = emptyCells(columns, rows);
  for (let row = 0; row < Math.min(rows, cells.rows); row++)
    for (let column = 0; column < Math.min(columns, cells.columns); column++) {
      const from = row * cells.columns + column;
      const to = row * columns + column;
      part.characters[to] = cells.characters[from] as number;
      part.inks[to] = cells.inks[from] as number;
      part.papers[to] = cells.papers[from] as number;
    }
  return part;
}
