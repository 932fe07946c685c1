/**
 * `onedock install` on a front-end that has ONEDock's programs already, as one of a sandbox: what is wanted comes on
 * standard input as JSON, nobody is asked, and OpenNebula is restarted by whoever calls. It must be root.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { presentError } from '../errors/present.ts';
import { type Database, withDatabase } from './database.ts';
import { planInstall } from './install.ts';
import { openInstallation } from './open-installation.ts';
import { NODE, ONED_CONF_PATH, PROGRAM_FOLDER } from './places.ts';
import type { RegistryWish } from './registry.ts';

interface Wish {
  readonly registry: RegistryWish;
  readonly database?: Database;
}

try {
  await install(JSON.parse(await text(process.stdin)));
} catch (error) {
  process.stderr.write(`${presentError(error)}\n`);
  process.exitCode = 1;
}

async function install({ registry, database }: Wish): Promise<void> {
  const installation = openInstallation(undefined, '/');
  const options = {
    report: (line: string) => void process.stdout.write(`${line}\n`),
    signal: new AbortController().signal,
  };
  const request = { ...installation, registry, node: NODE, programs: presentPrograms, forGood: true };
  await installation.make((await planInstall(request)).changes, options);
  if (!database) return;
  const before = (await installation.root.readText(ONED_CONF_PATH)) ?? '';
  const after = withDatabase(before, database);
  if (after === before) return;
  await installation.make([{ kind: 'edit', path: ONED_CONF_PATH, before, after, backup: false }], options);
}

/** They came with the machine. */
async function presentPrograms(): Promise<ReadonlyMap<string, Buffer>> {
  const names = await readdir(PROGRAM_FOLDER);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(PROGRAM_FOLDER, name))] as const)),
  );
}
