/** The Debian packages that the bootstrap installs, and what each provides: a command of the PATH, or a file. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface NeededPackage {
  readonly package: string;
  /** Any one of them is enough. */
  readonly provides: readonly string[];
  readonly group: 'base' | 'sandbox' | 'contract' | 'conformance';
  readonly purpose: string;
}

const LIST = new URL('../../../bin/bootstrap/debian-packages.json', import.meta.url);
const ADMINISTRATORS_PATH = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Those that a sandbox needs and this machine lacks. */
export async function findMissingPackages(): Promise<NeededPackage[]> {
  const packages: NeededPackage[] = JSON.parse(await readFile(LIST, 'utf8'));
  return packages.filter(({ group, provides }) => group === 'sandbox' && !provides.some(isPresent));
}

function isPresent(provided: string): boolean {
  if (provided.startsWith('/')) return existsSync(provided);
  const path = [...(process.env.PATH ?? '').split(':'), ...ADMINISTRATORS_PATH];
  return path.some((folder) => existsSync(join(folder, provided)));
}
