import { describe, expect, it } from 'vitest';
import { parseNumberRanges } from '../../../src/opennebula/number-ranges.ts';

describe('numbers and ranges', () => {
  it.each([
    ['7', [[7, 7]]],
    [
      '1,3-5',
      [
        [1, 1],
        [3, 5],
      ],
    ],
    ['5-3', [[3, 5]]],
  ])('are read: %s', (text, ranges) => {
    expect(parseNumberRanges(text)).toEqual(ranges);
  });

  it.each(['', '1,', '-1', '1-', '1 2', 'x', '0x1'])('are nothing else: %j', (text) => {
    expect(parseNumberRanges(text)).toBeUndefined();
  });
});
