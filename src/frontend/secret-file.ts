/** Files with one secret each, which nobody else may read. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The first line of a file; makes the file when there is none. */
export async function ensureSecretLine(path: string, make: () => string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return writeOnce(path, `${make()}\n`);
  });
  return text.split('\n', 1)[0] ?? '';
}

/** The file is there whole or not at all, whenever the program ends. */
async function writeOnce(path: string, text: string): Promise<string> {
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    await link(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  return text;
}
