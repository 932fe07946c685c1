import { describe, expect, it } from 'vitest';
import type { RunOptions } from '../../../src/transport/transport.ts';
import { runSteps } from '../../vm/run-steps.ts';
import { stepsWith } from '../../vm/steps.ts';

const steps = [
  { name: 'a', title: 'A', command: 'true', timeoutSeconds: 1 },
  { name: 'b', title: 'B', command: 'false', timeoutSeconds: 1 },
  { name: 'c', title: 'C', command: 'true', timeoutSeconds: 1, needs: ['b'] },
  { name: 'd', title: 'D', command: 'true', timeoutSeconds: 1, needs: ['a'] },
];
const guest = {
  async run([, , command]: readonly string[], { onOutput }: RunOptions = {}) {
    if (command === 'parts')
      for (const chunk of ['✓ unit: 3 pas', 'sed (1 s)\n ✓ a file\n✗ b (2 s)\n']) onOutput?.(chunk);
    if (command === 'true' || command === 'parts') return { stdout: '', stderr: '', exitCode: 0 };
    onOutput?.('no such thing');
    throw new Error('exit code 1');
  },
};

describe('runSteps', () => {
  it('goes on after a failure with what does not need it, and says why the others were not tried', async () => {
    const results = await runSteps(guest, steps, { say: () => {}, showOutput: false, patience: 1 });
    expect(results.map(({ name, passed }) => [name, passed])).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
      ['d', true],
    ]);
    expect(results[1]?.reason).toBe('no such thing');
    expect(results[2]?.reason).toBe('Not tried: it needs "B".');
  });

  it('tells how long the parts of a step took, as it said', async () => {
    const step = { name: 'e', title: 'E', command: 'parts', timeoutSeconds: 1 };
    const [result] = await runSteps(guest, [step], { say: () => {}, showOutput: false, patience: 1 });
    expect(result?.parts).toEqual(['✓ unit: 3 passed (1 s)', '✗ b (2 s)']);
  });
});

describe('the steps', () => {
  it('have the second command of the README, for some projects where they are named', () => {
    const command = (tests: string[]) => stepsWith(tests).find(({ name }) => name === 'test')?.command;
    expect(command([])).toMatch(/&& npm test$/);
    expect(command(['unit', 'contract'])).toMatch(/&& npm test -- unit contract$/);
  });
});
