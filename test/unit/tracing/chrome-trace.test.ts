import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CompleteEvent, followSpans, recordTrace } from '../../../src/tracing/chrome-trace.ts';
import { traced, tracedApart, tracedAtOnce } from '../../../src/tracing/spans.ts';

async function eventsOf(work: () => Promise<unknown>): Promise<CompleteEvent[]> {
  const events: CompleteEvent[] = [];
  using _following = followSpans((event) => events.push(event));
  await work().catch(() => {});
  return events;
}

const lanesOf = (events: readonly CompleteEvent[]) => Object.fromEntries(events.map(({ name, tid }) => [name, tid]));
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('spans', () => {
  it('are told when they end, with what they are about', async () => {
    const [inner, outer] = await eventsOf(() => traced('outer', () => traced('inner', turn), { vm: 7 }));
    expect(inner).toMatchObject({ ph: 'X', name: 'inner' });
    expect(outer).toMatchObject({ ph: 'X', name: 'outer', args: { vm: 7 } });
    expect(inner?.ts).toBeGreaterThanOrEqual(outer?.ts ?? Number.NaN);
    expect(inner?.dur).toBeLessThanOrEqual(outer?.dur ?? Number.NaN);
  });

  it('lie in the lane of the work they are part of', async () => {
    const events = await eventsOf(() =>
      traced('outer', async () => {
        await traced('first', turn);
        tracedAtOnce('second', () => {});
      }),
    );
    expect(lanesOf(events)).toEqual({ first: 1, second: 1, outer: 1 });
  });

  it('that go on side by side have lanes of their own, which are used again', async () => {
    const events = await eventsOf(() =>
      traced('outer', async () => {
        await Promise.all([traced('left', turn), traced('right', turn)]);
        await Promise.all([traced('third', turn), traced('fourth', turn)]);
      }),
    );
    expect(lanesOf(events)).toEqual({ left: 1, right: 2, third: 1, fourth: 2, outer: 1 });
  });

  it('that nobody waits for are apart, also from what begins them', async () => {
    let going: Promise<unknown> = Promise.resolve();
    const events = await eventsOf(async () => {
      tracedAtOnce('cause', () => {
        going = tracedApart('effect', () => traced('part', turn));
      });
      await going;
    });
    expect(lanesOf(events)).toEqual({ cause: 1, part: 2, effect: 2 });
  });

  it('end when the work fails', async () => {
    const events = await eventsOf(() => traced('doomed', () => Promise.reject(new Error('no'))));
    expect(events.map(({ name }) => name)).toEqual(['doomed']);
  });

  it('are the work itself while nobody listens', async () => {
    expect(await traced('unheard', async () => 5)).toBe(5);
    expect(tracedAtOnce('unheard', () => 6)).toBe(6);
  });
});

describe('recordTrace', () => {
  it('writes a file in the format of Chrome', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onedock-trace-'));
    try {
      const path = join(folder, 'trace.json');
      {
        await using _recording = recordTrace(path, 'test');
        await traced('work', turn);
      }
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject([
        { ph: 'M', name: 'process_name', args: { name: 'test' } },
        { ph: 'X', name: 'Node starts', pid: process.pid },
        { ph: 'X', name: 'modules are loaded', pid: process.pid },
        { ph: 'X', name: 'work', pid: process.pid },
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
