import { expect, it } from 'vitest';
import { commaList, lineList, looseList, wordList } from '../../../src/opennebula/lists.ts';

it.each([
  ['by commas', commaList(' a, b c ,,d,'), ['a', 'b c', 'd']],
  ['by blanks', wordList('  a b,c\n\td '), ['a', 'b,c', 'd']],
  ['by either', looseList(', a b,c\n'), ['a', 'b', 'c']],
  ['by lines', lineList('a b\n\nc\n'), ['a b', 'c']],
  ['that is not there', [commaList(undefined), wordList(undefined), looseList(undefined)], [[], [], []]],
])('a list %s', (_, items, wanted) => {
  expect(items).toEqual(wanted);
});
