/**
 * The programs of the drivers on hosts (`host-files/`), and their release: a digest of them, as the helper makes one of those that
 * it has (its verb `release`). So no number has to be raised, and none can be forgotten.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** By file name, in the order of names. */
export async function readHostPrograms(): Promise<Map<string, Buffer>> {
  const folder = join(import.meta.dirname, 'host-files');
  const names = (await readdir(folder)).filter((name) => name.startsWith('onedock-')).toSorted();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}

/** Written into a bundle when it is made (provision/bundle.ts): a bundle has no folder of programs beside it. */
declare const ONEDOCK_PROGRAMS_RELEASE: string | undefined;

let read: Promise<string> | undefined;

/** Of the programs that these drivers were written with. */
export function programsRelease(): Promise<string> {
  if (typeof ONEDOCK_PROGRAMS_RELEASE === 'string') return Promise.resolve(ONEDOCK_PROGRAMS_RELEASE);
  read ??= readHostPrograms().then(releaseOf);
  return read;
}

function releaseOf(programs: ReadonlyMap<string, Buffer>): string {
  const digest = createHash('sha256');
  for (const content of programs.values()) digest.update(content);
  return digest.digest('hex').slice(0, LENGTH);
}

const LENGTH = 12;
