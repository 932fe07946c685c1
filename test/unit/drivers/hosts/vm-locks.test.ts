import { describe, expect, it } from 'vitest';
import { ProcessVmLocks } from '../../../../src/drivers/hosts/vm-locks.ts';

describe('ProcessVmLocks', () => {
  it('gives a VM to one after the other, in order', async () => {
    const locks = new ProcessVmLocks('host-1');
    const order: number[] = [];
    const work = async (n: number) => {
      await using _lock = await locks.take('one-5', {});
      order.push(n);
      await Promise.resolve();
      order.push(n);
    };
    await Promise.all([1, 2, 3].map(work));
    expect(order).toEqual([1, 1, 2, 2, 3, 3]);
    expect([...(await locks.held())]).toEqual([]);
  });

  it('keeps VMs apart', async () => {
    const locks = new ProcessVmLocks('host-1');
    await using _five = await locks.take('one-5', {});
    await using _six = await locks.take('one-6', {});
    expect([...(await locks.held())]).toEqual(['one-5', 'one-6']);
  });

  it('tells at once, or after a time, that somebody else works on it', async () => {
    const locks = new ProcessVmLocks('host-1');
    await using _lock = await locks.take('one-5', {});
    await expect(locks.take('one-5', { timeoutSeconds: 0 })).rejects.toMatchObject({ code: 'VM_BUSY' });
    await expect(locks.take('one-5', { timeoutSeconds: 0.02 })).rejects.toMatchObject({ code: 'VM_BUSY' });
  });

  it('lets somebody leave the line without letting others overtake', async () => {
    const locks = new ProcessVmLocks('host-1');
    const first = await locks.take('one-5', {});
    const leaving = new AbortController();
    const second = locks.take('one-5', { signal: leaving.signal });
    let third = false;
    const waiting = locks.take('one-5', {}).then(() => {
      third = true;
    });
    leaving.abort(new Error('cancelled'));
    await expect(second).rejects.toThrow('cancelled');
    expect(third).toBe(false);
    await first[Symbol.asyncDispose]();
    await waiting;
    expect(third).toBe(true);
  });
});
