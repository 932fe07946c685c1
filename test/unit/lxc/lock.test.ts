import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { withLock } from '../../../lxc/lock.ts';

describe('withLock', () => {
  it('lets one work at a time', async () => {
    const name = randomUUID();
    let [inside, most, runs] = [0, 0, 0];
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
      runs += 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(name, work)));
    expect({ most, runs }).toEqual({ most: 1, runs: 8 });
  });

  it('does not make one lock wait for another', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    expect(await withLock(one, () => withLock(other, async () => 'both'))).toBe('both');
  });

  it('is let go by work that failed', async () => {
    const name = randomUUID();
    await expect(withLock(name, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(name, async () => 'next')).toBe('next');
  });
});
