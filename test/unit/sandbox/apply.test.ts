import { describe, expect, it } from 'vitest';
import { apply, type Perform } from '../../../src/sandbox/apply.ts';
import type { SandboxEvent } from '../../../src/sandbox/events.ts';
import type { Step } from '../../../src/sandbox/step.ts';

const step = (id: string, ...needs: string[]): Step => ({ kind: 'front-end', id, title: id, needs });

function start(steps: Step[], perform: Perform, signal = new AbortController().signal) {
  const events: SandboxEvent[] = [];
  const applied = apply({ steps }, perform, { report: (event) => void events.push(event), signal });
  return { applied, events, types: () => events.map((event) => `${event.type} ${'step' in event ? event.step : ''}`) };
}

describe('apply', () => {
  it('starts a step when those that it needs are done, and others beside it', async () => {
    const a = Promise.withResolvers<void>();
    const b = Promise.withResolvers<void>();
    const { applied, types } = start([step('a'), step('b'), step('c', 'a', 'not in the plan')], ({ id }) =>
      id === 'a' ? a.promise : id === 'b' ? b.promise : Promise.resolve(),
    );
    await Promise.resolve();
    expect(types()).toEqual(['started a', 'started b']);
    a.resolve();
    b.resolve();
    expect((await applied).steps.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('throws what the first step to fail threw, and starts none behind it', async () => {
    const failure = new Error('no');
    const { applied, types } = start([step('a'), step('b', 'a')], () => Promise.reject(failure));
    await expect(applied).rejects.toBe(failure);
    expect(types()).toEqual(['started a', 'failed a']);
  });

  it('tells the steps under way of a failure, and waits for them', async () => {
    const failure = new Error('no');
    const other = Promise.withResolvers<void>();
    const { applied, types } = start([step('a'), step('b')], async ({ id }, { signal }) => {
      if (id === 'a') throw failure;
      signal.addEventListener('abort', () => other.reject(signal.reason));
      await other.promise;
    });
    await expect(applied).rejects.toBe(failure);
    expect(types()).toEqual(['started a', 'started b', 'failed a', 'cancelled b']);
  });

  it('ends by the reason of an abort, after what was under way', async () => {
    const user = new AbortController();
    const reason = new Error('interrupted');
    let ended = false;
    const { applied, types } = start(
      [step('a'), step('b', 'a')],
      async () => {
        user.abort(reason);
        await Promise.resolve();
        ended = true;
      },
      user.signal,
    );
    await expect(applied).rejects.toBe(reason);
    expect(ended).toBe(true);
    expect(types()).toEqual(['started a', 'done a']);
  });

  it('passes on what a step tells', async () => {
    const { applied, events } = start([step('a')], async (_, { output }) => output('half'));
    await applied;
    expect(events[1]).toEqual({ type: 'output', step: 'a', line: 'half' });
  });
});
