/**
 * The true size of a layer, uncompressed, where manifests know only the compressed one. Both compressions write the
 * size at one of the ends of the layer, so that a few bytes tell it; what they do not tell is counted.
 */
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/** A stored layer, wherever it lies. */
export interface StoredLayer {
  /** Bytes as stored. */
  readonly bytes: number;
  readonly read: (start: number, length: number) => Promise<Buffer>;
  readonly open: () => Promise<Readable>;
}

export type Compression = 'gzip' | 'zstd' | 'none';

/** Enough for the frame header of either compression. */
const HEAD_BYTES = 18;
const TRAILER_BYTES = 4;

/** Bytes of a layer when it is unpacked from its compression: what it takes on a host, nearly. */
export async function uncompressedBytes(layer: StoredLayer): Promise<number> {
  const head = await layer.read(0, Math.min(HEAD_BYTES, layer.bytes));
  const compression = compressionOf(head);
  if (compression === 'none') return layer.bytes;
  const told =
    compression === 'zstd'
      ? zstdContentSize(head)
      : gzipContentSize(await layer.read(layer.bytes - TRAILER_BYTES, TRAILER_BYTES), layer.bytes);
  return told ?? countUncompressed(await layer.open(), compression);
}

export function compressionOf(head: Buffer): Compression {
  if (head.length >= 2 && head.readUInt16BE(0) === 0x1f8b) return 'gzip';
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return 'zstd';
  return 'none';
}

async function countUncompressed(stored: Readable, compression: Compression): Promise<number> {
  let bytes = 0;
  const count = async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) bytes += chunk.length;
  };
  if (compression === 'none') await pipeline(stored, count);
  else await pipeline(stored, compression === 'gzip' ? createGunzip() : createZstdDecompress(), count);
  return bytes;
}

/**
 * RFC 1952: the last four bytes are the size modulo 2^32 of the last member. It is believed when so little could have
 * grown to so many bytes: what cannot be compressed becomes larger by far less than a hundredth. A layer of several
 * members (eStargz), or one that grew past 4 GiB, is counted.
 */
export function gzipContentSize(trailer: Buffer, compressedBytes: number): number | undefined {
  const size = trailer.readUInt32LE(0);
  return size >= (compressedBytes - HEAD_BYTES) * 0.99 ? size : undefined;
}

/** RFC 8878, 3.1.1.1: the frame header holds the content size unless the writer did not know it. */
function zstdContentSize(head: Buffer): number | undefined {
  const descriptor = head.readUInt8(4);
  const sizeFlag = descriptor >> 6;
  const singleSegment = (descriptor >> 5) & 1;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const offset = 5 + (singleSegment ? 0 : 1) + dictionaryBytes;
  if (sizeFlag === 0) return singleSegment ? head.readUInt8(offset) : undefined;
  if (sizeFlag === 1) return head.readUInt16LE(offset) + 256;
  if (sizeFlag === 2) return head.readUInt32LE(offset);
  return Number(head.readBigUInt64LE(offset));
}
