/**
 * A client of VNC for tests, of its own making: it shares no code with the server, but for reading. It keeps the picture
 * that it is sent, waits for text to appear on it, and types.
 */
import { createCipheriv } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createInflate, type Inflate } from 'node:zlib';
import { screenText } from './screen-text.ts';

export interface RfbClientOptions {
  readonly password?: string;
  /** Encodings that it can read, best first. */
  readonly encodings?: readonly number[];
  /** Minor version of the protocol: 3, 7 or 8. */
  readonly version?: 3 | 7 | 8;
}

const PATIENCE_MS = 60_000;

export const RAW = 0;
export const ZRLE = 16;
export const DESKTOP_SIZE = -223;
export const EXTENDED_DESKTOP_SIZE = -308;

export class RfbClient implements AsyncDisposable {
  readonly #stream: Duplex;
  readonly #inflate: Inflate = createInflate();
  readonly #waiting = new Set<() => void>();
  #buffered = Buffer.alloc(0);
  #inflated = Buffer.alloc(0);
  #ended = false;
  #pixels = new Uint32Array(0);
  width = 0;
  height = 0;
  title = '';
  /** How many updates came, and how the last change of size was told. */
  updates = 0;
  sizeReason: number | undefined;
  bells = 0;
  /** The most bytes that pixels of one rectangle took, after the first update. */
  largest = 0;

  private constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => {
      this.#buffered = Buffer.concat([this.#buffered, chunk]);
      this.#wake();
    });
    this.#inflate.on('data', (chunk: Buffer) => {
      this.#inflated = Buffer.concat([this.#inflated, chunk]);
      this.#wake();
    });
    stream.on('error', () => {});
    for (const end of ['end', 'close'])
      stream.on(end, () => {
        this.#ended = true;
        this.#wake();
      });
  }

  static async connect(host: string, port: number, options: RfbClientOptions = {}): Promise<RfbClient> {
    const socket: Socket = connect(port, host);
    await once(socket, 'connect');
    return RfbClient.over(socket, options);
  }

  /** @throws an error with what the server said */
  static async over(stream: Duplex, options: RfbClientOptions = {}): Promise<RfbClient> {
    const client = new RfbClient(stream);
    await client.#shakeHands(options);
    client.#run(options).catch(() => {});
    return client;
  }

  /** What is on the screen. */
  get text(): string {
    return screenText(this.width, this.height, (x, y) => this.#pixels[y * this.width + x] as number);
  }

  pixel(x: number, y: number): number {
    return this.#pixels[y * this.width + x] as number;
  }

  /** Until the screen shows it. */
  async sees(wanted: string | RegExp): Promise<void> {
    await this.until(() => this.text.search(wanted) >= 0 || this.text.includes(String(wanted)));
  }

  /** @throws an error with what the screen shows, when it takes too long or the server hangs up */
  async until(fact: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    const wake = () => this.#wake();
    deadline.addEventListener('abort', wake, { once: true });
    while (!fact()) {
      if (this.#ended) throw new Error(`The server has closed the connection. The screen was:\n${this.text}`);
      if (deadline.aborted) throw new Error(`It did not come. The screen is:\n${this.text}`);
      await this.#news();
    }
    deadline.removeEventListener('abort', wake);
  }

  /** Until the server hangs up. */
  async closed(): Promise<void> {
    while (!this.#ended) await this.#news();
  }

  type(text: string): void {
    for (const character of text) this.key(character === '\n' ? 0xff0d : (character.codePointAt(0) as number));
  }

  /** One key, down and up, while others are held. */
  key(keysym: number, ...held: number[]): void {
    for (const each of [...held, keysym]) this.#sendKey(each, true);
    for (const each of [keysym, ...held.toReversed()]) this.#sendKey(each, false);
  }

  wheel(up: boolean): void {
    for (const buttons of [up ? 8 : 16, 0]) this.#stream.write(Buffer.of(5, buttons, 0, 1, 0, 1));
  }

  askForSize(width: number, height: number): void {
    const message = Buffer.alloc(8 + 16);
    message.writeUInt8(251, 0);
    message.writeUInt16BE(width, 2);
    message.writeUInt16BE(height, 4);
    message.writeUInt8(1, 6);
    message.writeUInt16BE(width, 16);
    message.writeUInt16BE(height, 18);
    this.#stream.write(message);
  }

  send(bytes: Buffer): void {
    this.#stream.write(bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.destroy();
    await this.closed();
  }

  async #shakeHands({ password = '', version = 8 }: RfbClientOptions): Promise<void> {
    await this.#take(12);
    this.#stream.write(`RFB 003.00${version}\n`);
    const security = version === 3 ? (await this.#take(4)).readUInt32BE(0) : await this.#chooseSecurity();
    if (security === 2) {
      this.#stream.write(encrypted(await this.#take(16), password));
    }
    if (security === 2 || version === 8) {
      if ((await this.#take(4)).readUInt32BE(0) !== 0) {
        const reason = version === 8 ? await this.#take((await this.#take(4)).readUInt32BE(0)) : '';
        throw new Error(`Refused. ${reason}`);
      }
    }
    this.#stream.write(Buffer.of(1));
    const init = await this.#take(24);
    this.title = (await this.#take(init.readUInt32BE(20))).toString();
    this.#resize(init.readUInt16BE(0), init.readUInt16BE(2));
  }

  async #chooseSecurity(): Promise<number> {
    const types = await this.#take((await this.#take(1)).readUInt8(0));
    const [type = 0] = types;
    this.#stream.write(Buffer.of(type));
    return type;
  }

  async #run({ encodings = [ZRLE, RAW, DESKTOP_SIZE, EXTENDED_DESKTOP_SIZE] }: RfbClientOptions): Promise<void> {
    const message = Buffer.alloc(4 + encodings.length * 4);
    message.writeUInt8(2, 0);
    message.writeUInt16BE(encodings.length, 2);
    for (const [i, encoding] of encodings.entries()) message.writeInt32BE(encoding, 4 + i * 4);
    this.#stream.write(message);
    this.#ask(false);
    for (;;) {
      const type = (await this.#take(1)).readUInt8(0);
      if (type === 2) this.bells++;
      else if (type === 0) await this.#update();
      else throw new Error(`The server sent a message ${type}.`);
      this.#wake();
    }
  }

  async #update(): Promise<void> {
    const count = (await this.#take(3)).readUInt16BE(1);
    for (let i = 0; i < count; i++) {
      const head = await this.#take(12);
      const [x, y, width, height] = [0, 2, 4, 6].map((at) => head.readUInt16BE(at)) as [number, number, number, number];
      const encoding = head.readInt32BE(8);
      if (encoding === EXTENDED_DESKTOP_SIZE) {
        await this.#take(4 + 16);
        this.sizeReason = x;
      }
      if (encoding === EXTENDED_DESKTOP_SIZE || encoding === DESKTOP_SIZE) this.#resize(width, height);
      else if (encoding === RAW && this.updates > 0) this.largest = Math.max(this.largest, width * height * 4);
      if (encoding === RAW) this.#paintRaw({ x, y, width, height }, await this.#take(width * height * 4));
      else if (encoding === ZRLE) await this.#paintZrle({ x, y, width, height });
    }
    this.updates++;
    this.#ask(true);
  }

  #paintRaw({ x, y, width, height }: Area, bytes: Buffer): void {
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++)
        this.#pixels[(y + row) * this.width + x + column] = bytes.readUInt32LE((row * width + column) * 4) & 0xffffff;
  }

  async #paintZrle({ x, y, width, height }: Area): Promise<void> {
    this.#inflate.write(await this.#take((await this.#take(4)).readUInt32BE(0)));
    for (let top = 0; top < height; top += 64)
      for (let left = 0; left < width; left += 64) {
        const area = { x: x + left, y: y + top, width: Math.min(64, width - left), height: Math.min(64, height - top) };
        await this.#paintTile(area);
      }
  }

  async #paintTile({ x, y, width, height }: Area): Promise<void> {
    const kind = (await this.#takeInflated(1)).readUInt8(0);
    const palette: number[] = [];
    for (let i = 0; i < kind; i++) palette.push((await this.#takeInflated(3)).readUIntLE(0, 3));
    if (kind > 16) throw new Error(`The server sent a tile of kind ${kind}.`);
    const bits = kind <= 1 ? 0 : kind === 2 ? 1 : kind <= 4 ? 2 : 4;
    for (let row = 0; row < height; row++) {
      const line = kind === 0 ? await this.#takeInflated(width * 3) : await this.#takeInflated((width * bits + 7) >> 3);
      for (let column = 0; column < width; column++) {
        const at = column * bits;
        const index = bits === 0 ? 0 : ((line[at >> 3] as number) >> (8 - bits - (at & 7))) & ((1 << bits) - 1);
        const colour = kind === 0 ? line.readUIntLE(column * 3, 3) : (palette[index] as number);
        this.#pixels[(y + row) * this.width + x + column] = colour;
      }
    }
  }

  #ask(incremental: boolean): void {
    const message = Buffer.alloc(10);
    message.writeUInt8(3, 0);
    message.writeUInt8(incremental ? 1 : 0, 1);
    message.writeUInt16BE(this.width, 6);
    message.writeUInt16BE(this.height, 8);
    this.#stream.write(message);
  }

  #sendKey(keysym: number, down: boolean): void {
    const message = Buffer.alloc(8);
    message.writeUInt8(4, 0);
    message.writeUInt8(down ? 1 : 0, 1);
    message.writeUInt32BE(keysym, 4);
    this.#stream.write(message);
  }

  #resize(width: number, height: number): void {
    if (width !== this.width || height !== this.height) this.#pixels = new Uint32Array(width * height);
    this.width = width;
    this.height = height;
  }

  async #take(length: number): Promise<Buffer> {
    while (this.#buffered.length < length) {
      if (this.#ended) throw new Error('The server has closed the connection.');
      await this.#news();
    }
    const bytes = this.#buffered.subarray(0, length);
    this.#buffered = this.#buffered.subarray(length);
    return bytes;
  }

  async #takeInflated(length: number): Promise<Buffer> {
    while (this.#inflated.length < length) await this.#news();
    const bytes = this.#inflated.subarray(0, length);
    this.#inflated = this.#inflated.subarray(length);
    return bytes;
  }

  #news(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** DES with the bits of each byte of the key in reverse. */
function encrypted(challenge: Buffer, password: string): Buffer {
  const key = Buffer.alloc(8);
  key.write(password.slice(0, 8), 'latin1');
  const reversed = key.map((byte) =>
    Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2),
  );
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([reversed, reversed, reversed]), null);
  return cipher.setAutoPadding(false).update(challenge);
}
