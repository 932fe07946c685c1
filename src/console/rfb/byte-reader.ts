import type { Readable } from 'node:stream';

/** Takes a stream apart into the lengths that a protocol says. */
export class ByteReader {
  readonly #stream: Readable;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Ends the stream, when nothing is being read. A channel of SSH closes only when all that came is taken from it. */
  async close(): Promise<void> {
    await this.#chunks.return?.().catch(() => {});
    this.#stream.resume();
  }

  /** The next bytes; undefined when the stream ends before they have come. */
  async read(length: number): Promise<Buffer | undefined> {
    const parts = [this.#rest];
    let have = this.#rest.length;
    while (have < length) {
      const next = await this.#chunks.next();
      if (next.done) return undefined;
      parts.push(next.value);
      have += next.value.length;
    }
    const bytes = parts.length === 1 ? this.#rest : Buffer.concat(parts);
    this.#rest = bytes.subarray(length);
    return bytes.subarray(0, length);
  }
}
