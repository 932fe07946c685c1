import { traced } from '../../tracing/spans.ts';
import type { Action, Family } from './action.ts';
import { actionContext, asActionFailure } from './action.ts';
import { findBySuffix } from './action-suffix.ts';
import type { DriverCall, DriverRunner, MonitoredHost, MonitorReport } from './driver-runner.ts';
import type { DriverEntry, DriverTable, ServiceOpeners } from './driver-table.ts';
import { fail } from './errors.ts';
import type { ActionFamily } from './families.ts';

/**
 * Runs the drivers of a table in this process: services are shared by all calls, and closed with the runner, which then waits for
 * calls that have not ended: none writes anywhere afterwards.
 */
export class InProcessDrivers<Services> implements DriverRunner {
  readonly #table: DriverTable<Services>;
  readonly #openers: ServiceOpeners<Services>;
  readonly #loaded = new Map<DriverEntry<Services, unknown>, Promise<unknown>>();
  readonly #open = new Map<keyof Services, Promise<unknown>>();
  readonly #running = new Set<Promise<unknown>>();

  constructor(table: DriverTable<Services>, openers: ServiceOpeners<Services>) {
    this.#table = table;
    this.#openers = openers;
  }

  has(family: Family, driver: string): boolean {
    return Object.hasOwn(this.#table[family], driver);
  }

  async run(call: DriverCall): Promise<string> {
    const running = traced(`${call.family}/${call.driver}/${call.action}`, () => this.#run(call));
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async #run(call: DriverCall): Promise<string> {
    try {
      const { actions, services } =
        call.family === 'im' ? await this.#probes(call) : await this.#actions(call, call.family);
      const action = findAction(actions, call);
      return await action.run(call.argv, { ...actionContext(call), ...services });
    } catch (cause) {
      throw asActionFailure(cause);
    }
  }

  async monitor(
    driver: string,
    host: MonitoredHost,
    report: (report: MonitorReport) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const entry = this.#entry(this.#table.im, { family: 'im', driver });
    const [loaded, services] = await Promise.all([this.#load(entry), this.#services(entry.needs)]);
    await loaded.monitor(host, report, { log: () => {}, signal, ...services });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    await Promise.all(opened.map((result) => result.status === 'fulfilled' && dispose(result.value)));
    await Promise.allSettled(this.#running);
  }

  async #actions(call: DriverCall, family: ActionFamily) {
    const entry = this.#entry(this.#table[family], call);
    const [actions, services] = await Promise.all([this.#load(entry), this.#services(entry.needs)]);
    return { actions, services };
  }

  async #probes(call: DriverCall) {
    const entry = this.#entry(this.#table.im, call);
    const [{ probes = {} }, services] = await Promise.all([this.#load(entry), this.#services(entry.needs)]);
    return { actions: probes, services };
  }

  #entry<Driver>(
    drivers: Readonly<Record<string, DriverEntry<Services, Driver>>>,
    at: { family: Family; driver: string },
  ) {
    const entry = Object.hasOwn(drivers, at.driver) ? drivers[at.driver] : undefined;
    if (!entry) throw fail('DRIVER_UNKNOWN', at);
    return entry;
  }

  #load<Driver>(entry: DriverEntry<Services, Driver>): Promise<Driver> {
    return remember(this.#loaded, entry, entry.load) as Promise<Driver>;
  }

  async #services(needs: readonly (keyof Services)[]): Promise<Services> {
    const opened = needs.map(async (name) => [name, await remember(this.#open, name, this.#openers[name])] as const);
    return Object.fromEntries(await Promise.all(opened)) as Services;
  }
}

function findAction<Services>(actions: Readonly<Record<string, Action<Services>>>, call: DriverCall): Action<Services> {
  const name = findBySuffix(call.action, (candidate) => Object.hasOwn(actions, candidate));
  const action = name === undefined ? undefined : actions[name];
  if (!action) throw fail('ACTION_UNKNOWN', { ...call, path: `${call.family}/${call.driver}/${call.action}` });
  return action;
}

/** One promise per key; one that fails is forgotten, so that the next call tries again. */
function remember<Key>(cache: Map<Key, Promise<unknown>>, key: Key, make: () => Promise<unknown>): Promise<unknown> {
  let value = cache.get(key);
  if (!value) {
    value = make();
    cache.set(key, value);
    value.catch(() => cache.delete(key));
  }
  return value;
}

async function dispose(service: unknown): Promise<void> {
  if (service !== null && typeof service === 'object' && Symbol.asyncDispose in service) {
    await (service as AsyncDisposable)[Symbol.asyncDispose]();
  }
}
