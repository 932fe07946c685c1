/** The data types of SSH's binary messages: big-endian integers, and strings with their length in front (RFC 4251, 5). */

export class WireReader {
  readonly #data: Buffer;
  #offset = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  /** How much has been read. */
  get offset(): number {
    return this.#offset;
  }

  get atEnd(): boolean {
    return this.#offset >= this.#data.length;
  }

  bytes(length: number): Buffer {
    if (this.#offset + length > this.#data.length) throw new RangeError('The message ends in the middle of a value.');
    const start = this.#offset;
    this.#offset += length;
    return this.#data.subarray(start, this.#offset);
  }

  uint32(): number {
    return this.bytes(4).readUInt32BE();
  }

  uint64(): bigint {
    return this.bytes(8).readBigUInt64BE();
  }

  string(): Buffer {
    return this.bytes(this.uint32());
  }

  text(): string {
    return this.string().toString('utf8');
  }
}

export function wireString(value: string | Buffer): Buffer {
  const data = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([wireUint32(data.length), data]);
}

export function wireUint32(value: number): Buffer {
  const data = Buffer.alloc(4);
  data.writeUInt32BE(value);
  return data;
}

export function wireUint64(value: bigint): Buffer {
  const data = Buffer.alloc(8);
  data.writeBigUInt64BE(value);
  return data;
}
