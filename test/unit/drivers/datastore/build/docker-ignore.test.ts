import { describe, expect, it } from 'vitest';
import { readIgnored } from '../../../../../src/drivers/datastore/onedock/build/docker-ignore.ts';

describe('readIgnored', () => {
  it.each([
    ['a name', 'a', ['a', 'a/b', 'a/b/c'], ['b/a', 'ab']],
    ['a path', './b/a/', ['b/a', 'b/a/c'], ['a', 'b']],
    ['a star', '*.o', ['x.o'], ['x.c', 'b/x.o']],
    ['a folder and a star', 'b/*', ['b/x', 'b/x/y'], ['b']],
    ['any folders', '**/*.o', ['x.o', 'a/b/x.o'], ['x.oo']],
    ['any below', 'a/**', ['a/b', 'a/b/c'], ['b/a']],
    ['a question mark', 'a?', ['ab'], ['a', 'abc']],
    ['a class', 'a[0-9]', ['a1'], ['ab']],
    ['a comment and blanks', '# a\n\n  b ', ['b'], ['a', '# a']],
    ['what is taken back', '*\n!keep\n!b/c', ['x', 'b/x'], ['keep', 'keep/all', 'b/c']],
    ['what is ignored again', '*\n!keep\nkeep/not', ['keep/not'], ['keep/this']],
    ['letters that mean something to expressions', 'a+b(c).x', ['a+b(c).x'], ['aab(c).x', 'a+b(c)_x']],
  ])('knows %s', (_, text, ignored, kept) => {
    const isIgnored = readIgnored(text);
    expect(ignored.filter((path) => !isIgnored(path))).toEqual([]);
    expect(kept.filter(isIgnored)).toEqual([]);
  });
});
