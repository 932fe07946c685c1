/**
 * Secrets of a sandbox lie in a folder that only root reads, each in a folder of its own that appears whole or not at
 * all. What is there is used again, so that a machine made anew is still known by its certificate.
 */
import { randomBytes } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * The secret's folder; when it is missing, `make` fills it first. Of two processes that make the same secret one wins,
 * and both return the winner's.
 */
export async function ensureSecret(
  folder: string,
  name: string,
  make: (place: string) => Promise<void>,
): Promise<string> {
  const place = join(folder, name);
  if (await isThere(place)) return place;
  await mkdir(dirname(place), { recursive: true, mode: 0o700 });
  const draft = `${place}.${randomBytes(6).toString('hex')}.part`;
  await mkdir(draft, { mode: 0o700 });
  try {
    await make(draft);
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await isThere(place))) throw error;
  }
  return place;
}

/** A random password, made once. 32 characters of [0-9a-f]: 128 bits, and nothing that needs quotes anywhere. */
export async function ensurePassword(folder: string, name: string): Promise<string> {
  const place = await ensureSecret(folder, name, (draft) =>
    writeFile(join(draft, 'password'), randomBytes(16).toString('hex'), { mode: 0o600 }),
  );
  return readFile(join(place, 'password'), 'utf8');
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
