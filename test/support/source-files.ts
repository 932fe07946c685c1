/** The repository's TypeScript, for tests that read it. Paths are relative to the root, with slashes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

export const REPOSITORY = join(import.meta.dirname, '../..');
export const SOURCE_FOLDERS = ['src', 'provision', 'lxc', 'stacks'] as const;

export function typescriptFiles(...folders: readonly string[]): string[] {
  return folders
    .filter((folder) => existsSync(join(REPOSITORY, folder)))
    .flatMap(filesBelow)
    .filter((path) => path.endsWith('.ts'));
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(join(REPOSITORY, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(REPOSITORY.length + 1))
    .filter((path) => !path.includes('node_modules/'));
}

export function readSource(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8');
}

const STATIC_IMPORT = /^(?:import|export)\b[^'";]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'/gm;
const DYNAMIC_IMPORT = /\bimport\(\s*'([^']+)'\s*\)/g;

/** What a module imports, as written. The formatter keeps imports at the beginning of a line and in single quotes. */
export function importsOf(text: string): string[] {
  const found = [...text.matchAll(STATIC_IMPORT), ...text.matchAll(DYNAMIC_IMPORT)];
  return found.map(([, from, bare]) => from ?? bare ?? '');
}

/** The file that a relative import means. */
export function resolveImport(importer: string, specifier: string): string {
  return posix.join(posix.dirname(importer), specifier);
}
