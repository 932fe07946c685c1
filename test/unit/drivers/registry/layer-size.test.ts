import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { gzipContentSize, type StoredLayer, uncompressedBytes } from '../../../../src/drivers/registry/layer-size.ts';

function stored(content: Buffer) {
  const open = vi.fn(async () => Readable.from([content]));
  const layer: StoredLayer = {
    bytes: content.length,
    read: async (start, length) => content.subarray(start, start + length),
    open,
  };
  return { layer, open };
}

const TEXT = Buffer.from('onedock '.repeat(50_000));
const NOISE = randomBytes(300_000);

describe('uncompressedBytes', () => {
  it.each([
    ['an uncompressed layer', TEXT, TEXT.length],
    ['a gzip layer', gzipSync(TEXT), TEXT.length],
    ['a gzip layer of what cannot be compressed', gzipSync(NOISE), NOISE.length],
    ['a zstd layer', zstdCompressSync(TEXT), TEXT.length],
    ['a small zstd layer', zstdCompressSync(Buffer.from('ab')), 2],
    ['an empty layer', Buffer.alloc(0), 0],
  ])('of %s comes from its ends', async (_, content, bytes) => {
    const { layer, open } = stored(content);
    expect(await uncompressedBytes(layer)).toBe(bytes);
    expect(open).not.toHaveBeenCalled();
  });

  it('of a gzip layer in several members is counted, since the end tells only of the last', async () => {
    const { layer, open } = stored(Buffer.concat([gzipSync(NOISE), gzipSync(Buffer.from('index'))]));
    expect(await uncompressedBytes(layer)).toBe(NOISE.length + 5);
    expect(open).toHaveBeenCalledOnce();
  });
});

describe('gzipContentSize', () => {
  it('does not believe a size that wrapped at 4 GiB', () => {
    const trailer = Buffer.alloc(4);
    trailer.writeUInt32LE(1000);
    expect(gzipContentSize(trailer, 900)).toBe(1000);
    expect(gzipContentSize(trailer, 5_000_000)).toBeUndefined();
  });
});
