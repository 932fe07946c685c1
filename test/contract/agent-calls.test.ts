/** Driver actions that an agent runs for the short programs that OpenNebula calls. */
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CallsPlace, callsSocket } from '../../src/drivers/agent/calls-place.ts';
import { handOver } from '../../src/drivers/agent/hand-over.ts';
import { serveCalls } from '../../src/drivers/agent/serve-calls.ts';
import { ActionFailure } from '../../src/drivers/contract/action.ts';
import type { DriverCall, DriverRunner } from '../../src/drivers/contract/driver-runner.ts';

let place: CallsPlace;
let here: string[];

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onedock-calls-'));
  const settings = join(folder, 'settings');
  await writeFile(settings, '');
  place = { folder, madeOf: [settings] };
  here = [];
  return () => rm(folder, { recursive: true });
});

const call = (more: Partial<DriverCall> = {}): DriverCall => ({
  family: 'vmm',
  driver: 'onedock',
  action: 'shutdown',
  argv: ['one-1', 'host-1'],
  stdin: '<VM/>',
  ...more,
});

/** The program's own drivers, which are asked when no agent answers. */
const own = () =>
  handOver(
    runner(async ({ action }) => `${here.push(action)} here`),
    place,
  );

function runner(run: DriverRunner['run']): DriverRunner {
  return { has: () => true, run, monitor: async () => {}, [Symbol.asyncDispose]: async () => {} };
}

async function agent(run: DriverRunner['run']): Promise<AsyncDisposable> {
  return serveCalls(runner(run), await callsSocket(place));
}

describe('a call of a program', () => {
  it('is run by an agent, with all that it was given, and logs here', async () => {
    await using _agent = await agent(async ({ action, argv, stdin, log }) => {
      log?.('info', 'said on the way');
      return [action, ...argv, stdin].join(' ');
    });
    const logged: string[] = [];
    const log = (level: string, text: string) => void logged.push(`${level} ${text}`);
    expect(await own().run(call({ log }))).toBe('shutdown one-1 host-1 <VM/>');
    expect([logged, here]).toEqual([['info said on the way'], []]);
  });

  it('fails with the text of the agent', async () => {
    await using _agent = await agent(() => Promise.reject(new ActionFailure('Container one-1 would not stop.')));
    await expect(own().run(call())).rejects.toThrow(new ActionFailure('Container one-1 would not stop.'));
  });

  it('is cancelled in the agent when its caller is ended', async () => {
    const ended = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    await using _agent = await agent(async ({ signal }) => {
      signal?.addEventListener('abort', () => ended.resolve());
      begun.resolve();
      await ended.promise;
      return '';
    });
    const caller = new AbortController();
    const running = own().run(call({ signal: caller.signal }));
    await begun.promise;
    caller.abort(new Error('SIGTERM'));
    await expect(running).rejects.toThrow('SIGTERM');
    await ended.promise;
    expect(here).toEqual([]);
  });

  it('is run here when there is no agent, or one that was killed', async () => {
    expect(await own().run(call())).toBe('1 here');
    await writeFile(await callsSocket(place), '');
    expect(await own().run(call())).toBe('2 here');
  });

  it('is run here when the agent ends before it has answered', async () => {
    const socket = await callsSocket(place);
    const server = createServer((caller) => caller.once('data', () => caller.destroy())).listen(socket);
    expect(await own().run(call())).toBe('1 here');
    server.close();
  });

  it('is run here when the agent knows other settings', async () => {
    await using _agent = await agent(async () => 'by the agent');
    expect(await own().run(call())).toBe('by the agent');
    await utimes(place.madeOf[0] ?? '', 1, 1);
    expect(await own().run(call())).toBe('1 here');
  });
});

describe('an agent that ends', () => {
  it('takes no call any more and finishes those under way', async () => {
    const going = Promise.withResolvers<string>();
    const begun = Promise.withResolvers<void>();
    const leaving = await agent(async () => {
      begun.resolve();
      return going.promise;
    });
    const first = own().run(call());
    await begun.promise;
    const gone = leaving[Symbol.asyncDispose]();
    await expect.poll(() => readdir(place.folder)).toEqual(['settings']);
    expect(await own().run(call())).toBe('1 here');
    going.resolve('to the end');
    expect(await first).toBe('to the end');
    await gone;
  });

  it('is not kept by who says nothing and goes', async () => {
    const socket = await callsSocket(place);
    const leaving = await agent(async () => '');
    const silent = connect(socket);
    await new Promise((resolve) => silent.once('connect', resolve));
    silent.destroy();
    await leaving[Symbol.asyncDispose]();
  });
});
