/** What a client says after the handshake (RFC 6143, 7.5; SetDesktopSize: The RFB Protocol, community edition). */
import type { ByteReader } from './byte-reader.ts';
import { type PixelFormat, parsePixelFormat } from './pixel-format.ts';

export type ClientMessage =
  | { readonly type: 'pixel-format'; readonly format: PixelFormat | undefined }
  | { readonly type: 'encodings'; readonly encodings: readonly number[] }
  | { readonly type: 'update-request'; readonly incremental: boolean }
  | { readonly type: 'key'; readonly down: boolean; readonly keysym: number }
  | { readonly type: 'pointer'; readonly buttons: number }
  | { readonly type: 'cut-text' }
  | { readonly type: 'desktop-size'; readonly width: number; readonly height: number }
  | { readonly type: 'unknown'; readonly number: number };

/** @returns undefined when the client has gone */
export async function readMessage(reader: ByteReader): Promise<ClientMessage | undefined> {
  const number = (await reader.read(1))?.readUInt8(0);
  if (number === undefined) return undefined;
  const message = MESSAGES[number];
  if (!message) return { type: 'unknown', number };
  const head = await reader.read(message.length);
  if (!head) return undefined;
  const tailLength = message.tailLength?.(head) ?? 0;
  if (tailLength > LONGEST_TAIL) return { type: 'unknown', number };
  const tail = await reader.read(tailLength);
  return tail && message.parse(head, tail);
}

/** Nobody sends this much in good faith. */
const LONGEST_TAIL = 1024 * 1024;

interface MessageForm {
  /** Without the byte of the type. */
  readonly length: number;
  readonly tailLength?: (head: Buffer) => number;
  readonly parse: (head: Buffer, tail: Buffer) => ClientMessage;
}

const MESSAGES: Readonly<Record<number, MessageForm>> = {
  0: { length: 19, parse: (head) => ({ type: 'pixel-format', format: parsePixelFormat(head.subarray(3)) }) },
  2: {
    length: 3,
    tailLength: (head) => head.readUInt16BE(1) * 4,
    parse: (_, tail) => ({
      type: 'encodings',
      encodings: Array.from({ length: tail.length / 4 }, (_, i) => tail.readInt32BE(i * 4)),
    }),
  },
  3: { length: 9, parse: (head) => ({ type: 'update-request', incremental: head.readUInt8(0) !== 0 }) },
  4: { length: 7, parse: (head) => ({ type: 'key', down: head.readUInt8(0) !== 0, keysym: head.readUInt32BE(3) }) },
  5: { length: 5, parse: (head) => ({ type: 'pointer', buttons: head.readUInt8(0) }) },
  6: { length: 7, tailLength: (head) => head.readUInt32BE(3), parse: () => ({ type: 'cut-text' }) },
  251: {
    length: 7,
    tailLength: (head) => head.readUInt8(5) * 16,
    parse: (head) => ({ type: 'desktop-size', width: head.readUInt16BE(1), height: head.readUInt16BE(3) }),
  },
};
