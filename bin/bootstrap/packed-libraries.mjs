/**
 * Libraries of a hundred modules each take longer to load than all of our own sources. Once after every installation
 * each is packed into one file, with what they share beside it, and imports of it lead there. Without the packed files
 * everything works as well, only later.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INSTALLED, ROOT } from './node-packages.mjs';

const LIBRARIES = ['commander', 'execa', 'listr2', 'yaml', 'zod', 'zx/core'];

/** Names that nobody imports: through each of these a bundler finds zod's messages in forty languages, half of it. */
const LEFT_OUT = { zod: ['core', 'default', 'locales', 'z'] };

/** Of nobody else: what an earlier installation left here goes. */
const CACHE = join(ROOT, 'node_modules/.cache/onedock/libraries');
const ESBUILD = join(ROOT, 'node_modules/esbuild/bin/esbuild');

/** In a clone as they are written, in a package as they were compiled. */
const OWN = ['src', 'provision', 'lxc', 'stacks', 'dist'].map((folder) => pathToFileURL(join(ROOT, folder, '/')).href);
const FORMATS = { '.ts': 'module-typescript', '.js': 'module' };

const DRAFT = 'made-';
/** Packing takes seconds. */
const LONGEST_MS = 600_000;

/** Some of what they bundle is CommonJS, and expects its loader. */
const COMMON_JS =
  "import { createRequire as requireOfBundle } from 'node:module'; const require = requireOfBundle(import.meta.url);";

/** Leads imports of the libraries to their packed files, which it makes where they are missing. */
export async function usePackedLibraries() {
  const folder = packedFolder();
  if (folder === undefined || !(existsSync(folder) || (await pack(folder)))) return;
  const places = new Map(LIBRARIES.map((name) => [name, pathToFileURL(packedFile(folder, name)).href]));
  const { registerHooks } = createRequire(import.meta.url)('node:module');
  registerHooks({
    resolve(specifier, context, next) {
      const url = places.get(specifier);
      if (url !== undefined) return { url, format: 'module', shortCircuit: true };
      return ownModule(specifier, context.parentURL) ?? next(specifier, context);
    },
  });
}

/** Imports of ours name their files, so that none need be looked for: a sixth of the time that loading all of them takes. */
function ownModule(specifier, importer) {
  const format = FORMATS[extname(specifier)];
  if (format === undefined || !specifier.startsWith('.') || !OWN.some((folder) => importer?.startsWith(folder))) return;
  return { url: new URL(specifier, importer).href, format, shortCircuit: true };
}

/** One for each installation: npm writes its record whenever it changes a package. */
function packedFolder() {
  const installed = statSync(INSTALLED, { throwIfNoEntry: false });
  return installed && existsSync(ESBUILD) ? join(CACHE, String(Math.floor(installed.mtimeMs))) : undefined;
}

/** @returns whether the folder is there; it appears all at once, and is never changed */
async function pack(folder) {
  let made;
  try {
    mkdirSync(CACHE, { recursive: true });
    for (const name of readdirSync(CACHE)) {
      const path = join(CACHE, name);
      if (path !== folder && isAbandoned(path)) rmSync(path, { recursive: true, force: true });
    }
    made = mkdtempSync(join(CACHE, DRAFT));
    for (const name of LIBRARIES) writeFileSync(packedFile(made, name), await reexports(name));
    execFileSync(
      ESBUILD,
      [
        ...LIBRARIES.map((name) => packedFile(made, name)),
        ...['--bundle', '--splitting', '--platform=node', '--format=esm', '--out-extension:.js=.mjs'],
        ...[`--outdir=${made}`, '--allow-overwrite', `--banner:js=${COMMON_JS}`, '--log-level=error'],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    chmodSync(made, 0o755);
    renameSync(made, folder);
  } catch {
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
  }
  return existsSync(folder);
}

/** An earlier installation's, or begun so long ago that whoever made it has been ended: others may be making one now. */
function isAbandoned(path) {
  if (!basename(path).startsWith(DRAFT)) return true;
  const begun = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - begun > LONGEST_MS;
}

/** By name, since a bundler finds no names in CommonJS. */
async function reexports(name) {
  const leftOut = ['module.exports', ...(LEFT_OUT[name] ?? [])];
  const names = Object.keys(await import(name)).filter((each) => !leftOut.includes(each));
  return `export { ${names.join(', ')} } from '${name}';\n`;
}

function packedFile(folder, name) {
  return join(folder, `${name.replace('/', '-')}.mjs`);
}
