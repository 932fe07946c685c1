import { readFile } from 'node:fs/promises';
import { fail } from './errors.ts';

/** `user:password`, as OpenNebula's clients keep it. @throws AUTH_FILE_UNREADABLE */
export async function readAuthFile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw fail('AUTH_FILE_UNREADABLE', { path }, cause);
  });
  return text.split('\n', 1)[0]?.trim() ?? '';
}
