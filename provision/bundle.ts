/**
 * ONEDock's programs as a front-end machine has them: each one JavaScript file, with what they share in chunks beside
 * them, and no node_modules.
 */
import { access, chmod, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { programsRelease } from '../src/drivers/host-programs.ts';
import { COMMAND_NAMES } from '../src/opennebula/command-names.ts';
import { fail } from './errors.ts';
import { NODE_BINARY } from './program-places.ts';

/** Where the sources are: this file is one folder below. */
export const REPOSITORY = dirname(dirname(fileURLToPath(import.meta.url)));

export interface Program {
  readonly entry: string;
  /** Paths of the machine by which people and programs call it. It sees by which it was called. */
  readonly commands: readonly string[];
}

export const PROGRAMS = {
  frontend: { entry: 'src/frontend/main.ts', commands: [] },
  drivers: { entry: 'src/drivers/main.ts', commands: [] },
  one: { entry: 'src/cli/one.ts', commands: COMMAND_NAMES.map((name) => `/usr/bin/${name}`) },
  console: { entry: 'src/console/main.ts', commands: [] },
  names: { entry: 'src/names/main.ts', commands: [] },
  install: { entry: 'src/install/main.ts', commands: [] },
  xpath: { entry: 'src/cli/xpath.ts', commands: ['/var/lib/one/remotes/datastore/xpath.rb'] },
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof PROGRAMS;
export const PROGRAM_NAMES = Object.keys(PROGRAMS) as ProgramName[];

export async function isPresent(name: ProgramName): Promise<boolean> {
  return access(join(REPOSITORY, PROGRAMS[name].entry)).then(
    () => true,
    () => false,
  );
}

/** Some packages that are bundled are CommonJS, and expect its variables. */
const COMMON_JS = [
  "import { createRequire as createRequireOfBundle } from 'node:module';",
  'const require = createRequireOfBundle(import.meta.url);',
  'const __filename = import.meta.filename;',
  'const __dirname = import.meta.dirname;',
].join('\n');

/** ssh2 is faster with these and works without them; they are no JavaScript. */
const NATIVE_ADDITIONS = ['cpu-features', '*.node'];

/**
 * Writes `<name>.js` for each program, and an executable `<name>` that starts it.
 * @throws SOURCE_MISSING
 */
export async function bundlePrograms(folder: string, names: readonly ProgramName[] = PROGRAM_NAMES): Promise<void> {
  for (const program of names)
    if (!(await isPresent(program))) throw fail('SOURCE_MISSING', { program, path: PROGRAMS[program].entry });
  await build({
    absWorkingDir: REPOSITORY,
    entryPoints: Object.fromEntries(names.map((name) => [name, PROGRAMS[name].entry])),
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: NATIVE_ADDITIONS,
    define: await bundledConstants(),
    banner: { js: COMMON_JS },
    legalComments: 'none',
    logLevel: 'silent',
  });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  await Promise.all(names.map((name) => writeLauncher(join(folder, name), name)));
}

/** What a bundle cannot read from the sources beside it, as JavaScript by name. */
export async function bundledConstants(): Promise<Record<string, string>> {
  return { ONEDOCK_PROGRAMS_RELEASE: JSON.stringify(await programsRelease()) };
}

async function writeLauncher(path: string, name: ProgramName): Promise<void> {
  await writeFile(path, `#!${NODE_BINARY}\nimport './${name}.js';\n`);
  await chmod(path, 0o755);
}
