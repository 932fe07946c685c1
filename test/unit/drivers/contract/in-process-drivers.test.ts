import { describe, expect, it, vi } from 'vitest';
import { type ActionContext, defineAction } from '../../../../src/drivers/contract/action.ts';
import { combineDrivers } from '../../../../src/drivers/contract/combine-drivers.ts';
import type { DriverTable } from '../../../../src/drivers/contract/driver-table.ts';
import { InProcessDrivers } from '../../../../src/drivers/contract/in-process-drivers.ts';

interface Services {
  readonly number: number;
  readonly closeable: AsyncDisposable;
}

const close = vi.fn(async () => {});
/** What the action `wait` waits for. */
const going = Promise.withResolvers<void>();

function start() {
  const load = vi.fn(async () => ({
    clone: defineAction({
      args: ['id'],
      run: async ({ id }, { number, document }: ActionContext & Services) => `${id} ${number} ${document().name}`,
    }),
    wait: defineAction({
      args: [],
      run: async () => {
        await going.promise;
        return 'done';
      },
    }),
    fail: defineAction({
      args: [],
      run: async () => {
        throw new Error('one\ntwo');
      },
    }),
  }));
  const openers = {
    number: vi.fn(async () => 7),
    closeable: vi.fn(async () => ({ [Symbol.asyncDispose]: close })),
  };
  const table: DriverTable<Services> = {
    datastore: {},
    tm: { test: { needs: ['number', 'closeable'], load } },
    vmm: {},
    vnm: {},
    market: {},
    ipam: {},
    im: {
      test: {
        needs: [],
        load: async () => ({ monitor: async (host, report) => report({ type: 'BEACON_HOST', text: host.name }) }),
      },
    },
  };
  return { drivers: new InProcessDrivers(table, openers), load, openers };
}

const call = { family: 'tm', driver: 'test', action: 'clone', argv: ['3'], stdin: '<VM/>' } as const;

describe('InProcessDrivers', () => {
  it('runs an action with the services that its driver needs', async () => {
    expect(await start().drivers.run(call)).toBe('3 7 VM');
  });

  it('loads a driver and opens services once, when they are first asked for', async () => {
    const { drivers, load, openers } = start();
    expect(drivers.has('tm', 'test')).toBe(true);
    expect(load).not.toHaveBeenCalled();
    await Promise.all([drivers.run(call), drivers.run(call)]);
    expect([load, openers.number].map((each) => each.mock.calls.length)).toEqual([1, 1]);
  });

  it('opens a service again that could not be opened', async () => {
    const { drivers, openers } = start();
    openers.number.mockRejectedValueOnce(new Error('not yet'));
    await expect(drivers.run(call)).rejects.toThrow('not yet');
    expect(await drivers.run(call)).toBe('3 7 VM');
  });

  it('ends with the calls that run', async () => {
    const { drivers } = start();
    const ended: string[] = [];
    const running = drivers.run({ ...call, action: 'wait', argv: [] }).then((output) => ended.push(output));
    const closed = drivers[Symbol.asyncDispose]().then(() => ended.push('closed'));
    going.resolve();
    await Promise.all([running, closed]);
    expect(ended).toEqual(['done', 'closed']);
  });

  it('closes the services with itself', async () => {
    const { drivers } = start();
    await drivers.run(call);
    await drivers[Symbol.asyncDispose]();
    expect(close).toHaveBeenCalledOnce();
  });

  it('falls back to the plain name of an action with a suffix', async () => {
    expect(await start().drivers.run({ ...call, action: 'clone.ssh' })).toBe('3 7 VM');
  });

  it.each([
    [{ ...call, driver: 'none' }, "There is no tm driver 'none'."],
    [{ ...call, driver: 'constructor' }, "There is no tm driver 'constructor'."],
    [{ ...call, action: 'none' }, "Driver path 'tm/test/none' does not exist."],
    [{ ...call, action: 'fail' }, 'one two'],
  ])('fails with one sentence for the user: %#', async (failing, message) => {
    await expect(start().drivers.run(failing)).rejects.toThrow(message);
  });

  it('follows a host', async () => {
    const report = vi.fn();
    const host = { id: 1, name: 'host-1', datastoreLocation: '/', systemDatastoreIds: [] };
    await start().drivers.monitor('test', host, report, new AbortController().signal);
    expect(report).toHaveBeenCalledWith({ type: 'BEACON_HOST', text: 'host-1' });
  });
});

describe('combineDrivers', () => {
  it('asks the first that has the driver', async () => {
    const [first, second] = [start().drivers, start().drivers];
    vi.spyOn(first, 'has').mockReturnValue(false);
    const run = vi.spyOn(second, 'run');
    expect(await combineDrivers(first, second).run(call)).toBe('3 7 VM');
    expect(run).toHaveBeenCalledOnce();
  });

  it('says which driver is missing', async () => {
    await expect(combineDrivers().run(call)).rejects.toThrow("There is no tm driver 'test'.");
  });
});
