/** The key of values that are kept encrypted, where oned has it (OpenNebulaTemplate::load_key, 7.4). */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ensureSecretLine } from './secret-file.ts';

export function ensureKey(dataFolder: string): Promise<string> {
  return ensureSecretLine(join(dataFolder, '.one', 'one_key'), newKey);
}

export function newKey(): string {
  return randomBytes(32).toString('hex');
}
