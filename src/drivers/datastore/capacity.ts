import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

export interface Capacity {
  readonly usedMb: number;
  readonly totalMb: number;
  readonly freeMb: number;
}

const BYTES_PER_MB = 2 ** 20;
/** `stat` counts blocks of this size whatever the file system's are. */
const BYTES_PER_BLOCK = 512;

/** As `monitor` prints it. */
export function printCapacity({ usedMb, totalMb, freeMb }: Capacity): string {
  return `USED_MB=${usedMb}\nTOTAL_MB=${totalMb}\nFREE_MB=${freeMb}`;
}

/** Figures of the file system that a directory lies in. Free is what a user may take. */
export async function fileSystemCapacity(directory: string): Promise<Capacity> {
  const { bsize, blocks, bfree, bavail } = await statfs(directory);
  const toMb = (count: number) => Math.floor((count * bsize) / BYTES_PER_MB);
  return { usedMb: toMb(blocks - bfree), totalMb: toMb(blocks), freeMb: toMb(bavail) };
}

/** Space that the files of a directory take; holes take none. */
export async function filesMb(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true });
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return (await filesMb(path)) * BYTES_PER_MB;
      const { blocks = 0 } = (await stat(path).catch(() => undefined)) ?? {};
      return blocks * BYTES_PER_BLOCK;
    }),
  );
  return Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / BYTES_PER_MB);
}
