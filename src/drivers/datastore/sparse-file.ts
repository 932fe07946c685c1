import { open } from 'node:fs/promises';

/** Zeros are looked for in pieces of this size: a multiple of every file system's block. */
const PIECE_BYTES = 64 * 1024;
const ZEROS = Buffer.alloc(PIECE_BYTES);

/** Writes a file, leaving holes where there are only zeros. @returns its length */
export async function writeSparse(path: string, chunks: AsyncIterable<Buffer>): Promise<number> {
  await using file = await open(path, 'w', 0o660);
  let length = 0;
  for await (const chunk of chunks) {
    for (const { start, end } of dataRanges(chunk)) await file.write(chunk, start, end - start, length + start);
    length += chunk.length;
  }
  await file.truncate(length);
  return length;
}

/** The parts of a chunk that are not only zeros, neighbours joined. */
function dataRanges(chunk: Buffer): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = [];
  for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
    const end = Math.min(start + PIECE_BYTES, chunk.length);
    if (chunk.subarray(start, end).equals(ZEROS.subarray(0, end - start))) continue;
    const last = ranges.at(-1);
    if (last?.end === start) last.end = end;
    else ranges.push({ start, end });
  }
  return ranges;
}
