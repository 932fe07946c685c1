/** How a client wants its pixels (RFC 6143, 7.4). Pure. */

export interface PixelFormat {
  readonly bitsPerPixel: 8 | 16 | 32;
  readonly depth: number;
  readonly bigEndian: boolean;
  readonly redMax: number;
  readonly greenMax: number;
  readonly blueMax: number;
  readonly redShift: number;
  readonly greenShift: number;
  readonly blueShift: number;
}

/** What a server of ours offers, as most do. */
export const TRUE_COLOUR: PixelFormat = {
  bitsPerPixel: 32,
  depth: 24,
  bigEndian: false,
  ...{ redMax: 255, greenMax: 255, blueMax: 255 },
  ...{ redShift: 16, greenShift: 8, blueShift: 0 },
};

/** The 16 bytes of PIXEL_FORMAT. */
export function printPixelFormat(format: PixelFormat): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt8(format.bitsPerPixel, 0);
  bytes.writeUInt8(format.depth, 1);
  bytes.writeUInt8(format.bigEndian ? 1 : 0, 2);
  bytes.writeUInt8(1, 3);
  bytes.writeUInt16BE(format.redMax, 4);
  bytes.writeUInt16BE(format.greenMax, 6);
  bytes.writeUInt16BE(format.blueMax, 8);
  bytes.writeUInt8(format.redShift, 10);
  bytes.writeUInt8(format.greenShift, 11);
  bytes.writeUInt8(format.blueShift, 12);
  return bytes;
}

/** @returns undefined for a format that is not served: colours by a map, or an odd number of bits */
export function parsePixelFormat(bytes: Buffer): PixelFormat | undefined {
  const bitsPerPixel = bytes.readUInt8(0);
  if ((bitsPerPixel !== 8 && bitsPerPixel !== 16 && bitsPerPixel !== 32) || bytes.readUInt8(3) === 0) return undefined;
  return {
    bitsPerPixel,
    depth: bytes.readUInt8(1),
    bigEndian: bytes.readUInt8(2) !== 0,
    redMax: bytes.readUInt16BE(4),
    greenMax: bytes.readUInt16BE(6),
    blueMax: bytes.readUInt16BE(8),
    redShift: bytes.readUInt8(10),
    greenShift: bytes.readUInt8(11),
    blueShift: bytes.readUInt8(12),
  };
}

/** A colour as the bytes of a pixel. */
export function pixelOf(colour: number, format: PixelFormat): Buffer {
  const scaled = (channel: number, max: number) => Math.round((channel * max) / 255);
  const value =
    (scaled((colour >> 16) & 0xff, format.redMax) << format.redShift) |
    (scaled((colour >> 8) & 0xff, format.greenMax) << format.greenShift) |
    (scaled(colour & 0xff, format.blueMax) << format.blueShift);
  const size = format.bitsPerPixel / 8;
  const bytes = Buffer.alloc(4);
  if (format.bigEndian) {
    bytes.writeUInt32BE(value >>> 0, 0);
    return bytes.subarray(4 - size);
  }
  bytes.writeUInt32LE(value >>> 0, 0);
  return bytes.subarray(0, size);
}

/** The same without the byte that carries nothing, as ZRLE has it (RFC 6143, 7.7.5: CPIXEL). */
export function compactPixelOf(colour: number, format: PixelFormat): Buffer {
  const bytes = pixelOf(colour, format);
  if (format.bitsPerPixel !== 32 || format.depth > 24) return bytes;
  const used = usedBits(format);
  if (used <= 0xffffff) return format.bigEndian ? bytes.subarray(1) : bytes.subarray(0, 3);
  return (used & 0xff) === 0 ? (format.bigEndian ? bytes.subarray(0, 3) : bytes.subarray(1)) : bytes;
}

function usedBits({ redMax, redShift, greenMax, greenShift, blueMax, blueShift }: PixelFormat): number {
  return ((redMax << redShift) | (greenMax << greenShift) | (blueMax << blueShift)) >>> 0;
}
