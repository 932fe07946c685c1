/**
 * What sources hold, as one digest. It is remembered together with the files' sizes and times, so that sources nobody
 * has touched are not read again: a thousand of them take four times as long as their times do.
 */
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { hashOf } from './layer-store.ts';

/** All files below a folder, in order. */
export function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });
}

/**
 * By names below `root` and contents.
 * @param memory  a file for what is remembered. That it cannot be written or read costs time only
 */
export function digestOf(root: string, paths: readonly string[], memory: string): string {
  const seen = hashOf(paths.flatMap((path) => [path, timesOf(path)]));
  const [known, remembered] = readMemory(memory);
  if (known === seen && remembered !== undefined) return remembered;
  const digest = hashOf(paths.flatMap((path) => [relative(root, path), readFileSync(path)]));
  writeMemory(memory, `${seen} ${digest}`);
  return digest;
}

/** The time of change tells of what was written and then given its former time. */
function timesOf(path: string): string {
  const { size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return `${size} ${mtimeNs} ${ctimeNs}`;
}

function readMemory(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split(' ');
  } catch {
    return [];
  }
}

function writeMemory(path: string, text: string): void {
  try {
    writeFileSync(`${path}.${process.pid}`, text);
    renameSync(`${path}.${process.pid}`, path);
  } catch {}
}
