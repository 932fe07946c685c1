import { describe, expect, it } from 'vitest';
import { quantile, summarize } from '../../bench/samples.ts';

describe('summarize', () => {
  it('gives order statistics whatever the order of the samples', () => {
    expect(summarize([3, 1, 2])).toEqual({ count: 3, median: 2, least: 1, most: 3, p95: 2.9 });
  });

  it('takes the middle between two', () => {
    expect(quantile([1, 2], 0.5)).toBe(1.5);
  });

  it('refuses to say anything of nothing', () => {
    expect(() => summarize([])).toThrow(RangeError);
  });
});
