import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { digestOf, filesBelow } from '../../../lxc/source-digest.ts';

let root: string;
let memory: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'onedock-sources-'));
  root = join(folder, 'checkout');
  memory = join(folder, 'memory');
  mkdirSync(join(root, 'b'), { recursive: true });
  writeFileSync(join(root, 'b/c.ts'), 'c');
  writeFileSync(join(root, 'a.ts'), 'a');
  return () => rmSync(folder, { recursive: true });
});

const digest = () => digestOf(root, filesBelow(root), memory);

it('finds the files of all folders in order', () => {
  expect(filesBelow(root)).toEqual([join(root, 'a.ts'), join(root, 'b/c.ts')]);
});

it('is the same while nothing changes, by what is remembered too', () => {
  const first = digest();
  expect(digest()).toBe(first);
  expect(readFileSync(memory, 'utf8')).toContain(first);
});

it('does not read files again whose size and times are as they were', () => {
  const first = digest();
  writeFileSync(memory, readFileSync(memory, 'utf8').replace(first, 'remembered'));
  expect(digest()).toBe('remembered');
});

it('changes with a text, though its size and its time of writing stay', () => {
  const first = digest();
  const { atime, mtime } = statSync(join(root, 'a.ts'));
  writeFileSync(join(root, 'a.ts'), 'x');
  utimesSync(join(root, 'a.ts'), atime, mtime);
  expect(digest()).not.toBe(first);
});

it('changes with a name', () => {
  const first = digest();
  renameSync(join(root, 'a.ts'), join(root, 'b.ts'));
  expect(digest()).not.toBe(first);
});

it('is the same in another checkout, and without anything remembered', () => {
  const first = digest();
  renameSync(root, `${root}-moved`);
  expect(digestOf(`${root}-moved`, filesBelow(`${root}-moved`), join(root, 'not/there'))).toBe(first);
});
