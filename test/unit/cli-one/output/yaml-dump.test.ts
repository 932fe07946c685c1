import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { yamlDump } from '../../../../src/cli/one/output/yaml-dump.ts';

const dump = (value: string) => yamlDump({ A: value }).replace('---\nA: ', '');

describe('a string', () => {
  // Forms as Ruby's Psych prints them.
  it.each([
    ['web', 'web'],
    ['', "''"],
    ['7', "'7'"],
    ['-1', '"-1"'],
    ['1.5', "'1.5'"],
    ['0863', "'0863'"],
    ['02:00:0a:00:00:0a', '02:00:0a:00:00:0a'],
    ['16:42:34', "'16:42:34'"],
    ['2026-11-23', "'2026-11-23'"],
    ['YES', "'YES'"],
    ['null', "'null'"],
    ['y', '"y"'],
    ['10.0.0.1', '10.0.0.1'],
    ['a: b', "'a: b'"],
    ['a #b', "'a #b'"],
    ['a "b"', 'a "b"'],
    ["it's: so", "'it''s: so'"],
    ['(CPU = 1)', '"(CPU = 1)"'],
    ['("CLUSTERS/ID" @> 0)', '("CLUSTERS/ID" @> 0)'],
    ['!(A = B)', '"!(A = B)"'],
    [':symbol', '":symbol"'],
    ['tab\there', '"tab\\there"'],
    ['trailing ', "'trailing '"],
  ])('%j is printed as %s', (value, printed) => {
    expect(dump(value)).toBe(printed);
  });

  it('of several lines is printed as a block', () => {
    expect(yamlDump({ A: { B: 'one\n\ntwo\n' } })).toBe('---\nA:\n  B: |\n    one\n\n    two');
    expect(yamlDump({ A: 'one\ntwo' })).toBe('---\nA: |-\n  one\n  two');
  });

  it('that is long goes on in the next line at a blank', () => {
    const words = Array.from({ length: 30 }, (_, i) => `word${i}`).join(' ');
    const lines = yamlDump({ A: words }).split('\n');
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.every((line) => line.length < 90)).toBe(true);
    expect(parse(lines.join('\n'))).toEqual({ A: words });
  });
});

describe('a tree', () => {
  it('reads back as it was', () => {
    const tree = {
      VM: {
        ID: '7',
        EMPTY: {},
        NONE: [],
        DISK: [{ DISK_ID: '0', NOTE: 'a: "b" # c' }, { DISK_ID: '1' }, {}],
        IDS: ['1', 'x', '#'],
        SCRIPT: '#!/bin/sh\n  echo "hi"\n\n',
        BELL: 'a\x07b',
      },
    };
    expect(parse(yamlDump(tree))).toEqual(tree);
  });
});
