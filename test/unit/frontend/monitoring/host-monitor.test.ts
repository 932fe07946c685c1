import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DriverRunner, MonitorReport } from '../../../../src/drivers/contract/driver-runner.ts';
import { InProcessDrivers } from '../../../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../../../src/drivers/services.ts';
import { driverTable } from '../../../../src/drivers/table.ts';
import { createHost } from '../../../../src/frontend/objects/host.ts';
import { startCloud } from '../../../../src/frontend/start-cloud.ts';
import { SqliteStore } from '../../../../src/frontend/store/sqlite-store.ts';
import type { Store } from '../../../../src/frontend/store/store.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

/** What the agent of each attempt can be made to do. */
interface Attempt {
  readonly report: (report: MonitorReport) => void;
  readonly end: (error?: Error) => void;
  readonly signal: AbortSignal;
}

const SYSTEM_REPORT: MonitorReport = { type: 'SYSTEM_HOST', text: 'TOTALCPU=400\nTOTALMEMORY=1048576\n' };

let attempts: Attempt[];
let clock: ManualClock;
let one: CloudInProcess;
let id: number;

const host = () => one.cloud.pools.host.get(id);
const error = () => host()?.template.get('ERROR');

beforeEach(async () => {
  attempts = [];
  clock = new ManualClock();
  const inner = new InProcessDrivers(driverTable, openServices());
  one = await startCloudInProcess({
    clock,
    drivers: {
      has: (family, driver) => inner.has(family, driver),
      run: (call) => inner.run(call),
      monitor: (_driver, _host, report, signal) =>
        new Promise((resolve, reject) => {
          attempts.push({ report, signal, end: (failure) => (failure ? reject(failure) : resolve()) });
        }),
      [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    },
  });
  id = await one.oneadmin.call('one.host.allocate', 'h1', 'dummy', 'dummy', -1);
});

afterEach(() => one[Symbol.asyncDispose]());

describe('the watch of a host', () => {
  it('makes it MONITORED by the first report', () => {
    expect(host()?.state).toBe('INIT');
    attempts[0]?.report(SYSTEM_REPORT);
    expect(host()?.state).toBe('MONITORED');
  });

  it('gives up an agent that says nothing for a minute, and begins anew', async () => {
    clock.advance(59);
    expect(host()?.state).toBe('INIT');
    clock.advance(1);
    await one.until(() => host()?.state === 'ERROR');
    expect(error()).toContain('It has reported nothing within 60 seconds.');
    expect(attempts[0]?.signal.aborted).toBe(true);
    clock.advance(1);
    expect(attempts).toHaveLength(2);
    attempts[0]?.report(SYSTEM_REPORT);
    expect(host()?.state).toBe('ERROR');
    attempts[1]?.report(SYSTEM_REPORT);
    expect(host()?.state).toBe('MONITORED');
  });

  it('lets an agent be quiet that has spoken', () => {
    attempts[0]?.report(SYSTEM_REPORT);
    clock.advance(3600);
    expect(host()?.state).toBe('MONITORED');
    expect(attempts).toHaveLength(1);
  });

  it.each([
    ['fails', new Error('The line is cut.'), 'The line is cut.'],
    ['ends', undefined, 'The agent ended.'],
  ])('begins anew, later and later, when the agent %s', async (_, failure, reason) => {
    for (const seconds of [1, 2, 4]) {
      attempts.at(-1)?.end(failure);
      await one.until(() => host()?.state === 'ERROR' && attempts.at(-1)?.signal.aborted === true);
      expect(error()).toContain(reason);
      const before = attempts.length;
      clock.advance(seconds - 1);
      expect(attempts).toHaveLength(before);
      clock.advance(1);
      expect(attempts).toHaveLength(before + 1);
    }
  });

  it('goes on when its failure cannot be kept', async () => {
    vi.spyOn(one.cloud, 'transaction').mockImplementationOnce(() => {
      throw new Error('database or disk is full');
    });
    attempts[0]?.end();
    await one.until(() => attempts[0]?.signal.aborted === true);
    await new Promise(setImmediate);
    clock.advance(1);
    expect(attempts).toHaveLength(2);
  });

  it('ends when the host is taken offline, and begins at once when it is enabled', async () => {
    await one.oneadmin.call('one.host.status', id, 2);
    expect(attempts[0]?.signal.aborted).toBe(true);
    await one.oneadmin.call('one.host.status', id, 0);
    expect(attempts).toHaveLength(2);
  });
});

describe('hosts that are there from the start', () => {
  it('are begun with a few at a time, so that calls are answered in between', async () => {
    const memory = new SqliteStore(':memory:');
    const store: Store = {
      monitoring: memory.monitoring,
      load: () => memory.load(),
      stays: (vmId) => memory.stays(vmId),
      commit: (changes) => memory.commit(changes),
      [Symbol.dispose]() {},
    };
    const begun: string[] = [];
    const drivers: DriverRunner = {
      has: () => true,
      run: () => Promise.resolve(''),
      monitor(_driver, { name }) {
        begun.push(name);
        return new Promise(() => {});
      },
      async [Symbol.asyncDispose]() {},
    };
    const names = Array.from({ length: 20 }, (_, i) => `h${i}`);
    {
      await using first = await startCloud({ store, drivers, session: 'oneadmin:opennebula' });
      for (const name of names) {
        const host = { name, imMad: 'dummy', vmMad: 'dummy', clusterId: 0, cluster: 'default' };
        first.cloud.transaction(() => first.cloud.pools.host.put(createHost(first.cloud.pools.host.nextId(), host)));
      }
    }
    begun.length = 0;
    await using _second = await startCloud({ store, drivers, session: 'oneadmin:opennebula' });
    expect(begun.length).toBeLessThan(10);
    await expect.poll(() => begun).toEqual(names);
    memory[Symbol.dispose]();
  });
});
