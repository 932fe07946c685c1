import { describe, expect, it } from 'vitest';
import { findBySuffix } from '../../../../src/drivers/contract/action-suffix.ts';
import { readScriptErrors } from '../../../../src/drivers/contract/script-output.ts';

describe('readScriptErrors', () => {
  it('tells log lines from the reason of a failure', () => {
    const stderr = 'INFO: clone: Cloning\nfirst\n  second  \nWARN: 12 clone: slow\nERROR:no blank\nDEBUG: x\n';
    expect(readScriptErrors(stderr)).toEqual({
      logLines: [
        { level: 'info', text: 'clone: Cloning' },
        { level: 'warning', text: 'clone: slow' },
        { level: 'error', text: 'no blank' },
        { level: 'debug', text: 'x' },
      ],
      reason: 'first second',
    });
  });

  it('finds nothing where there is nothing', () => {
    expect(readScriptErrors('')).toEqual({ logLines: [], reason: '' });
  });
});

describe('findBySuffix', () => {
  it.each([
    ['clone.ssh', ['clone', 'clone.ssh'], 'clone.ssh'],
    ['clone.ssh', ['clone'], 'clone'],
    ['clone', ['clone'], 'clone'],
    ['clone.a.b', ['clone.a'], 'clone.a'],
    ['clone.a.b', ['clone'], undefined],
    ['clone', ['delete'], undefined],
    ['.ssh', [''], undefined],
  ])('%s, with %j, is %s', (action, names, expected) => {
    expect(findBySuffix(action, (name) => names.includes(name))).toBe(expected);
  });
});
