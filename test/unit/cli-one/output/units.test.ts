import { describe, expect, it } from 'vitest';
import {
  ctimeText,
  dateText,
  periodText,
  shortPeriodText,
  timestampText,
  timeText,
} from '../../../../src/cli/one/output/times.ts';
import { sizeText } from '../../../../src/cli/one/output/units.ts';
import { inUtc } from '../in-utc.ts';

describe('sizes', () => {
  it.each([
    [0, 'K', '0K'],
    [1024, 'M', '1024M'],
    [2048, 'M', '2G'],
    [49_807, 'K', '48.6M'],
    [16_777_216, 'K', '16G'],
    [5_000_000, 'T', '5000000T'],
    [-3000, 'K', '-3000K'],
  ] as const)('%i%s is %s', (value, unit, printed) => {
    expect(sizeText(value, unit)).toBe(printed);
  });
});

describe('times', () => {
  inUtc();
  const at = Date.UTC(2026, 10, 3, 6, 4, 5) / 1000;

  it('have the forms of the commands', () => {
    expect(timeText(at)).toBe('11/03 06:04:05');
    expect(timeText(at, { withSeconds: false })).toBe('11/03 06:04');
    expect(timeText(0)).toBe('-');
    expect(dateText(at)).toBe('11/03/26');
    expect(ctimeText(at)).toBe('Tue Nov  3 06:04:05 2026');
    expect(timestampText(at)).toBe('2026-11-03 06:04:05 +0000');
  });

  it('of a while count days or hours', () => {
    expect(periodText(90_061)).toBe('  1d 01h01m');
    expect(shortPeriodText(90_061)).toBe(' 25h01m01s');
  });
});
