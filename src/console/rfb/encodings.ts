/** The two encodings of pixels in which pictures are sent (RFC 6143, 7.7). Pure, but for zlib. */
import { constants, deflateRawSync } from 'node:zlib';
import type { Picture } from '../screen/picture.ts';
import { compactPixelOf, type PixelFormat, pixelOf } from './pixel-format.ts';

export const RAW = 0;
export const ZRLE = 16;

/** All pixels one after the other: what every client understands. */
export function encodeRaw(picture: Picture, format: PixelFormat): Buffer {
  const size = format.bitsPerPixel / 8;
  const colours = picture.palette.map((colour) => pixelOf(colour, format));
  const bytes = Buffer.allocUnsafe(picture.pixels.length * size);
  for (const [i, index] of picture.pixels.entries()) (colours[index] as Buffer).copy(bytes, i * size);
  return bytes;
}

/**
 * ZRLE: tiles of 64 by 64 pixels, each with a palette of its own where its colours are few, compressed by zlib. One stream
 * of zlib goes through a whole connection: its header comes with the first rectangle, and each is a block of its own.
 */
export function encodeZrle(picture: Picture, format: PixelFormat, isFirst: boolean): Buffer {
  const tiles: Buffer[] = [];
  for (let y = 0; y < picture.height; y += TILE)
    for (let x = 0; x < picture.width; x += TILE) tiles.push(...encodeTile(picture, format, x, y));
  const blocks = deflateRawSync(Buffer.concat(tiles), { finishFlush: constants.Z_SYNC_FLUSH });
  const content = isFirst ? Buffer.concat([ZLIB_HEADER, blocks]) : blocks;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

const TILE = 64;
/** Deflate with a window of 32 KB (RFC 1950, 2.2). */
const ZLIB_HEADER = Buffer.of(0x78, 0x9c);
/** Subencodings; a palette of n colours is packed under the number n. */
const RAW_TILE = 0;
const SOLID_TILE = 1;
const LARGEST_PACKED_PALETTE = 16;

function encodeTile(picture: Picture, format: PixelFormat, left: number, top: number): Buffer[] {
  const right = Math.min(left + TILE, picture.width);
  const bottom = Math.min(top + TILE, picture.height);
  const places = new Map<number, number>();
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const index = picture.pixels[y * picture.width + x] as number;
      if (!places.has(index)) places.set(index, places.size);
    }
  const colours = [...places.keys()].map((index) => compactPixelOf(picture.palette[index] as number, format));
  const place = (x: number, y: number) => places.get(picture.pixels[y * picture.width + x] as number) as number;
  const [only] = colours;
  if (colours.length === 1 && only) return [Buffer.of(SOLID_TILE), only];
  const rows = Array.from({ length: bottom - top }, (_, row) =>
    Array.from({ length: right - left }, (_, column) => place(left + column, top + row)),
  );
  if (colours.length > LARGEST_PACKED_PALETTE)
    return [Buffer.of(RAW_TILE), ...rows.flat().map((index) => colours[index] as Buffer)];
  return [Buffer.of(colours.length), ...colours, ...rows.map((row) => packed(row, bitsFor(colours.length)))];
}

function bitsFor(colours: number): 1 | 2 | 4 {
  return colours <= 2 ? 1 : colours <= 4 ? 2 : 4;
}

/** The leftmost pixel in the highest bits; each row begins a byte. */
function packed(row: readonly number[], bits: 1 | 2 | 4): Buffer {
  const bytes = Buffer.alloc(Math.ceil((row.length * bits) / 8));
  for (const [i, index] of row.entries()) {
    const at = i * bits;
    bytes[at >> 3] = (bytes[at >> 3] as number) | (index << (8 - bits - (at & 7)));
  }
  return bytes;
}
