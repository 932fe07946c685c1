import { describe, expect, it } from 'vitest';
import { names, PACKAGES, ROOMS, roomOf } from '../support/rooms.ts';
import { importsOf, readSource, resolveImport, SOURCE_FOLDERS, typescriptFiles } from '../support/source-files.ts';

/** A file is one idea; one that grows past this holds a second. */
const MOST_LINES = 400;

const files = typescriptFiles(...SOURCE_FOLDERS);

describe('the rooms', () => {
  it('hold every source file', () => {
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  it('import only from rooms to which their row of the table points', () => {
    expect(files.flatMap(roomViolations)).toEqual([]);
  });

  it('import only the packages that are theirs', () => {
    expect(files.flatMap(packageViolations)).toEqual([]);
  });

  it('have no circle in the table', () => {
    expect(Object.keys(ROOMS).filter((room) => reachable(room).has(room))).toEqual([]);
  });
});

describe('source and test files', () => {
  it(`have at most ${MOST_LINES} lines`, () => {
    const lengths = [...files, ...typescriptFiles('test')].map((file) => [file, lineCount(file)] as const);
    expect(lengths.filter(([, lines]) => lines > MOST_LINES)).toEqual([]);
  });
});

describe('importsOf', () => {
  it('finds static, type-only, side-effect, re-exporting and dynamic imports', () => {
    const text = [
      "import { a } from './a.ts';",
      'import type {\n  B,\n  C,\n} from "ignored";'.replaceAll('"', "'"),
      "import 'side-effect';",
      "export * from './e.ts';",
      "const f = await import('./f.ts');",
      "export const g = 'from';",
    ].join('\n');
    expect(importsOf(text)).toEqual(['./a.ts', 'ignored', 'side-effect', './e.ts', './f.ts']);
  });
});

function roomViolations(file: string): string[] {
  const room = roomOf(file);
  const rule = room === undefined ? undefined : ROOMS[room];
  if (room === undefined || rule === undefined) return [];
  return relativeImports(file).flatMap((target) => {
    const other = roomOf(target);
    if (other === room || other === 'errors' || other === 'opennebula') return [];
    if (other !== undefined && names(rule.uses, other)) return [];
    const allowed = rule.uses.length === 0 ? 'no other room' : rule.uses.join(', ');
    return [`${file} imports ${target} (${other ?? 'no room'}). ${room} may use ${allowed}. ${rule.why}`];
  });
}

function packageViolations(file: string): string[] {
  const room = roomOf(file);
  if (room === undefined) return [];
  return packageImports(file).flatMap((name) => {
    const owners = PACKAGES[name];
    if (owners !== undefined) {
      return names(owners, room)
        ? []
        : [`${file} imports ${name}, which is for ${owners.join(', ')}, not for ${room}.`];
    }
    if (!name.startsWith('node:')) return [`${file} imports ${name}, which the table gives to no room.`];
    return ROOMS[room]?.pure ? [`${file} imports ${name}, but ${room} is pure. ${ROOMS[room].why}`] : [];
  });
}

function relativeImports(file: string): string[] {
  return importsOf(readSource(file))
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => resolveImport(file, specifier));
}

function packageImports(file: string): string[] {
  return importsOf(readSource(file))
    .filter((specifier) => !specifier.startsWith('.'))
    .map(packageName);
}

/** `@scope/name/path` is of `@scope/name`; `node:fs/promises` of `node:fs`. */
function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** All rooms that one can get to from a room by the table. */
function reachable(start: string): Set<string> {
  const found = new Set<string>();
  const queue = [start];
  for (let room = queue.pop(); room !== undefined; room = queue.pop()) {
    const patterns = ROOMS[room]?.uses ?? [];
    for (const other of Object.keys(ROOMS)) {
      if (found.has(other) || (other === room && room === start) || !names(patterns, other)) continue;
      found.add(other);
      queue.push(other);
    }
  }
  return found;
}

function lineCount(file: string): number {
  return readSource(file).trimEnd().split('\n').length;
}
