/** The file that holds the session of the first administrator, `user:password` on its first line. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail } from './errors.ts';

/** Reads the session; makes the file, with a random password, when there is none. @throws AUTH_FILE_INVALID */
export async function ensureSession(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return writeSession(path);
  });
  const [session = ''] = text.split('\n', 1);
  if (!isSession(session)) throw fail('AUTH_FILE_INVALID', { path });
  return session.trim();
}

/** Whether a text is of the form `user:password`. */
export function isSession(text: string): boolean {
  return /^[^:\s]+:\S/.test(text);
}

/** The file is there whole or not at all, whenever the program ends. */
async function writeSession(path: string): Promise<string> {
  const session = `oneadmin:${randomBytes(16).toString('hex')}\n`;
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(draft, session, { mode: 0o600, flag: 'wx' });
    await link(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  return session;
}
