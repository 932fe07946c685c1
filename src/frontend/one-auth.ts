/** The file that holds the session of the first administrator, `user:password` on its first line. */
import { randomBytes } from 'node:crypto';
import { fail } from './errors.ts';
import { ensureSecretLine } from './secret-file.ts';

/** Reads the session; makes the file, with a random password, when there is none. @throws AUTH_FILE_INVALID */
export async function ensureSession(path: string): Promise<string> {
  const session = await ensureSecretLine(path, () => `oneadmin:${randomBytes(16).toString('hex')}`);
  if (!isSession(session)) throw fail('AUTH_FILE_INVALID', { path });
  return session.trim();
}

/** Whether a text is of the form `user:password`. */
export function isSession(text: string): boolean {
  return /^[^:\s]+:\S/.test(text);
}
