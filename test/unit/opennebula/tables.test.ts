import { describe, expect, it } from 'vitest';
import { isKeyOf, isOneOf, nameOf, tableOf } from '../../../src/opennebula/tables.ts';

const STATE = { INIT: 0, READY: 1 } as const;

describe('a table by words', () => {
  it('has a row for its words, and none for what every object inherits', () => {
    expect(['INIT', 'DONE', 'constructor', 'toString'].filter((word) => isKeyOf(STATE, word))).toEqual(['INIT']);
  });

  it('names what has a number', () => {
    expect([0, 1, 2].map((number) => nameOf(STATE, number))).toEqual(['INIT', 'READY', undefined]);
  });

  it('is made of its words', () => {
    expect(tableOf(['a', 'bb'], (word) => word.length)).toEqual({ a: 1, bb: 2 });
  });
});

describe('a list', () => {
  it('has its items, and nothing else', () => {
    expect(['a', 'b', 7].filter((item) => isOneOf(['a', 'c'], item))).toEqual(['a']);
  });
});
