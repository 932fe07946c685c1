/** The bundle layer: ONEDock's own programs on a front-end machine, and the drivers' folder that they call into. */
import { chown, mkdir, readdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ONEADMIN } from '../provision/base.ts';
import { bundlePrograms, isPresent, PROGRAM_NAMES, PROGRAMS, REPOSITORY } from '../provision/bundle.ts';
import { BUNDLE_FOLDER, COMPILED_FOLDER, NODE_BINARY } from '../provision/program-places.ts';
import type { Transport } from '../src/transport/transport.ts';
import { compileAhead } from './compile-ahead.ts';
import type { LayerRecipe } from './layer-store.ts';
import { digestOf, filesBelow } from './source-digest.ts';

const REMOTES = '/var/lib/one/remotes';

/** Files besides the sources that decide what is bundled. */
const BUNDLED_BY = ['package-lock.json', 'provision/bundle.ts', 'lxc/bundle-layer.ts', 'lxc/compile-ahead.ts'];

/** Of this checkout; a new installation begins without. */
const MEMORY = join(REPOSITORY, 'node_modules/.cache/onedock/sources');

export async function bundleLayer(local: Transport): Promise<LayerRecipe> {
  return {
    kind: 'bundle',
    inputs: [process.version, digestOf(REPOSITORY, findSources(), MEMORY)],
    async build(directory) {
      const present = await Array.fromAsync(PROGRAM_NAMES, async (name) => ((await isPresent(name)) ? [name] : []));
      const names = present.flat();
      const folder = join(directory, BUNDLE_FOLDER);
      await mkdir(folder, { recursive: true });
      await bundlePrograms(folder, names);
      await compileAhead(local, folder, join(directory, COMPILED_FOLDER));
      await writeRemotes(local, join(directory, REMOTES));
      for (const name of names) await linkCommands(directory, PROGRAMS[name].commands, join(BUNDLE_FOLDER, name));
      await giveToOneadmin(directory);
    },
  };
}

/** Written by the drivers' own program, which knows the table of drivers. */
async function writeRemotes(local: Transport, folder: string): Promise<void> {
  const program = join(REPOSITORY, 'src/drivers/write-remotes.ts');
  await local.run([process.execPath, program, folder, NODE_BINARY, join(BUNDLE_FOLDER, 'drivers.js')]);
}

async function linkCommands(directory: string, commands: readonly string[], target: string): Promise<void> {
  for (const command of commands) {
    await mkdir(dirname(join(directory, command)), { recursive: true });
    await symlink(target, join(directory, command));
  }
}

/** The remotes are oneadmin's, as OpenNebula's packages have it; users add drivers of their own there. */
async function giveToOneadmin(directory: string): Promise<void> {
  const home = join(directory, ONEADMIN.home);
  const below = await readdir(home, { recursive: true, withFileTypes: true });
  const entries = below.filter((entry) => !entry.isSymbolicLink());
  const paths = [home, ...entries.map((entry) => join(entry.parentPath, entry.name))];
  await Promise.all(paths.map((path) => chown(path, ONEADMIN.id, ONEADMIN.id)));
}

function findSources(): string[] {
  return [...filesBelow(join(REPOSITORY, 'src')), ...BUNDLED_BY.map((path) => join(REPOSITORY, path))];
}
