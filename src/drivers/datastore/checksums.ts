/** MD5 and SHA1 of an image, as its owner gave them, held against the bytes of its file as they were read. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { fail } from './errors.ts';
import type { ImageRequest } from './request.ts';

const ALGORITHMS = ['MD5', 'SHA1'] as const;

export interface Checksums {
  /** Whether the image has any. */
  readonly wanted: boolean;
  /** Passes chunks on, and remembers what they sum up to. */
  watch(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer>;
  /** Compares what was seen. @throws CHECKSUM_WRONG */
  compare(): void;
}

export function checksumsOf({ path, template }: Pick<ImageRequest, 'path' | 'template'>): Checksums {
  const sums = ALGORITHMS.flatMap((algorithm) => {
    const expected = template[algorithm]?.toLowerCase();
    return expected === undefined ? [] : [{ algorithm, expected, hash: createHash(algorithm.toLowerCase()) }];
  });
  return {
    wanted: sums.length > 0,
    async *watch(chunks) {
      for await (const chunk of chunks) {
        for (const { hash } of sums) hash.update(chunk);
        yield chunk;
      }
    },
    compare() {
      for (const { algorithm, expected, hash } of sums) {
        const found = hash.digest('hex');
        if (found !== expected) throw fail('CHECKSUM_WRONG', { path, algorithm, expected, found });
      }
    },
  };
}

/** Reads a file for its checksums alone. @throws CHECKSUM_WRONG */
export async function compareFile(file: string, checksums: Checksums, signal: AbortSignal): Promise<void> {
  for await (const _ of checksums.watch(createReadStream(file, { signal })));
  checksums.compare();
}
