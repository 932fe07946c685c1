import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from './bundle.ts';

/** What the drivers need on hosts, by file name. */
export async function readHostPrograms(): Promise<Map<string, Buffer>> {
  const folder = join(REPOSITORY, 'src/drivers/host-files');
  const names = (await readdir(folder)).filter((name) => name.startsWith('onedock-')).toSorted();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}
