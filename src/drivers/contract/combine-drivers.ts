import type { Family } from './action.ts';
import { asActionFailure } from './action.ts';
import type { DriverRunner } from './driver-runner.ts';
import { fail } from './errors.ts';

/** Several runners as one: the first that has a driver is asked. Disposes of all of them. */
export function combineDrivers(...runners: readonly DriverRunner[]): DriverRunner {
  const find = (family: Family, driver: string): DriverRunner => {
    const runner = runners.find((each) => each.has(family, driver));
    if (runner) return runner;
    throw asActionFailure(fail('DRIVER_UNKNOWN', { family, driver }));
  };
  return {
    has: (family, driver) => runners.some((each) => each.has(family, driver)),
    offers: (family, driver, action) =>
      runners.find((each) => each.has(family, driver))?.offers?.(family, driver, action) ?? false,
    run: async (call) => find(call.family, call.driver).run(call),
    monitor: async (driver, host, report, signal) => find('im', driver).monitor(driver, host, report, signal),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(runners.map((each) => each[Symbol.asyncDispose]()));
    },
  };
}
