/**
 * Clients from the npm registry for the conformance tests, at a pinned version. They are no dependencies of the project:
 * each is installed once, below node_modules/.cache, and no script of theirs is run.
 */
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { execa } from 'execa';

const CACHE = join(import.meta.dirname, '../../node_modules/.cache/onedock/npm');

/** What the package exports. */
export async function loadNpmPackage(name: string, version: string): Promise<unknown> {
  const folder = join(CACHE, `${name}-${version}`);
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (!isThere) await install(`${name}@${version}`, folder);
  return createRequire(join(folder, 'package.json'))(name);
}

async function install(wanted: string, folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const draft = await mkdtemp(join(CACHE, 'draft-'));
  try {
    await execa('npm', ['install', '--prefix', draft, '--ignore-scripts', '--no-audit', '--no-fund', wanted], {
      timeout: 300_000,
    });
    // Another run may have been faster: what it has installed is the same.
    await rename(draft, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
