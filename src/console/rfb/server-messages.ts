/** What a server says after the handshake (RFC 6143, 7.3.2, 7.6; desktop sizes: The RFB Protocol, community edition). Pure. */
import { type PixelFormat, printPixelFormat } from './pixel-format.ts';

export const DESKTOP_SIZE = -223;
export const EXTENDED_DESKTOP_SIZE = -308;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A part of an update: pixels, or news in the form of pixels. */
export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
  readonly encoding: number;
  readonly content: Buffer;
}

export function printServerInit({ width, height }: Size, format: PixelFormat, name: string): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(width, 0);
  head.writeUInt16BE(height, 2);
  const text = Buffer.from(name);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([head, printPixelFormat(format), length, text]);
}

export function printUpdate(rectangles: readonly Rectangle[]): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(rectangles.length, 2);
  return Buffer.concat([head, ...rectangles.flatMap(printRectangle)]);
}

/** Why the size is told. */
export const SIZE_REASON = { byServer: 0, byThisClient: 1, byOtherClient: 2 } as const;
export type SizeReason = (typeof SIZE_REASON)[keyof typeof SIZE_REASON];

export function desktopSize(size: Size): Rectangle {
  return { x: 0, y: 0, ...size, encoding: DESKTOP_SIZE, content: Buffer.alloc(0) };
}

/** One screen that fills the desktop. */
export function extendedDesktopSize({ width, height }: Size, reason: SizeReason): Rectangle {
  const content = Buffer.alloc(20);
  content.writeUInt8(1, 0);
  content.writeUInt16BE(width, 12);
  content.writeUInt16BE(height, 14);
  return { x: reason, y: 0, width, height, encoding: EXTENDED_DESKTOP_SIZE, content };
}

export const BELL = Buffer.of(2);

function printRectangle({ x, y, width, height, encoding, content }: Rectangle): [Buffer, Buffer] {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(x, 0);
  head.writeUInt16BE(y, 2);
  head.writeUInt16BE(width, 4);
  head.writeUInt16BE(height, 6);
  head.writeInt32BE(encoding, 8);
  return [head, content];
}
