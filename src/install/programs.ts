/** The programs of the drivers, of consoles and of names as they are placed: bundled from this release's source. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlePrograms } from '../../provision/bundle.ts';

/** By file name. What others import comes first, so that each file finds what it needs when it is written. */
export async function bundleDrivers(): Promise<ReadonlyMap<string, Buffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'onedock-bundle-'));
  try {
    await bundlePrograms(folder, ['drivers', 'console', 'names']);
    const names = (await readdir(folder)).toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
    return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const ENTRIES = ['drivers.js', 'drivers', 'console.js', 'console', 'names.js', 'names'];
const rank = (name: string) => ENTRIES.indexOf(name);
