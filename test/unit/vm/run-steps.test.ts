import { describe, expect, it } from 'vitest';
import type { RunOptions } from '../../../src/transport/transport.ts';
import { runSteps } from '../../vm/run-steps.ts';

const steps = [
  { name: 'a', title: 'A', command: 'true', timeoutSeconds: 1 },
  { name: 'b', title: 'B', command: 'false', timeoutSeconds: 1 },
  { name: 'c', title: 'C', command: 'true', timeoutSeconds: 1, needs: ['b'] },
  { name: 'd', title: 'D', command: 'true', timeoutSeconds: 1, needs: ['a'] },
];
const guest = {
  async run([, , command]: readonly string[], { onOutput }: RunOptions = {}) {
    if (command === 'true') return { stdout: '', stderr: '', exitCode: 0 };
    onOutput?.('no such thing');
    throw new Error('exit code 1');
  },
};

describe('runSteps', () => {
  it('goes on after a failure with what does not need it, and says why the others were not tried', async () => {
    const results = await runSteps(guest, steps, { say: () => {}, showOutput: false });
    expect(results.map(({ name, passed }) => [name, passed])).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
      ['d', true],
    ]);
    expect(results[1]?.reason).toBe('no such thing');
    expect(results[2]?.reason).toBe('Not tried: it needs "B".');
  });
});
