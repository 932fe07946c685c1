import { describe, expect, it } from 'vitest';
import { SharedWork } from '../../../src/transport/shared-work.ts';

describe('SharedWork', () => {
  it('aborts the work when the last who wanted it has left', async () => {
    const work = new SharedWork<void>();
    const [one, two] = [new AbortController(), new AbortController()];
    let given: AbortSignal | undefined;
    const never = (signal: AbortSignal) => {
      given = signal;
      return new Promise<void>(() => {});
    };
    const calls = [work.run('k', one.signal, never), work.run('k', two.signal, never)];
    one.abort(new Error('one'));
    await expect(calls[0]).rejects.toThrow('one');
    expect(given?.aborted).toBe(false);
    two.abort(new Error('two'));
    await expect(calls[1]).rejects.toThrow('two');
    expect(given?.aborted).toBe(true);
  });

  it('starts anew after a failure, and tells it to all who waited', async () => {
    const work = new SharedWork<number>();
    const fails = () => Promise.reject(new Error('broken'));
    const calls = await Promise.allSettled([work.run('k', undefined, fails), work.run('k', undefined, fails)]);
    expect(calls.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(work.run('k', undefined, async () => 7)).resolves.toBe(7);
  });

  it('keeps different work apart', async () => {
    const work = new SharedWork<string>();
    const results = await Promise.all(['a', 'b'].map((key) => work.run(key, undefined, async () => key)));
    expect(results).toEqual(['a', 'b']);
  });
});
