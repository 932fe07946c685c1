import { describe, expect, it } from 'vitest';
import { codeOf, messageOf, reasonOf, traceOf } from '../../../src/errors/thrown.ts';

describe('whatever was thrown', () => {
  const error = Object.assign(new Error('no such file'), { code: 'ENOENT' });

  it('says its message, or itself when it is no error', () => {
    expect([error, 'gone', undefined, 7].map(messageOf)).toEqual(['no such file', 'gone', 'undefined', '7']);
  });

  it('has its stack for a log', () => {
    expect(traceOf(error)).toMatch(/^Error: no such file\n {4}at /);
    expect(traceOf('gone')).toBe('gone');
  });

  it('has a code when that is a text', () => {
    expect(codeOf(error)).toBe('ENOENT');
    expect([{ code: 5 }, new Error('none'), 'ENOENT', null, undefined].map(codeOf)).toEqual(Array(5).fill(undefined));
  });

  it('says why by its cause, where it has one', () => {
    expect(reasonOf(new TypeError('fetch failed', { cause: error }))).toBe('no such file');
    expect(reasonOf(error)).toBe('no such file');
    expect(reasonOf('gone')).toBe('gone');
  });
});
