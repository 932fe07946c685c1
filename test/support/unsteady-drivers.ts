/** Drivers that take their time and fail now and then, as a seed has it. */
import { setImmediate } from 'node:timers/promises';
import { ActionFailure } from '../../src/drivers/contract/action.ts';
import type { DriverCall, DriverRunner } from '../../src/drivers/contract/driver-runner.ts';
import { below, type Random } from './random.ts';

/** Turns of the event loop that an action takes at most. */
const MOST_TURNS = 5;

export class UnsteadyDrivers implements DriverRunner {
  /** Share of actions that fail, from 0 to 1. */
  failing = 0;
  readonly #drivers: DriverRunner;
  readonly #random: Random;
  /** Ends when actions may end again. */
  #held: Promise<unknown> = Promise.resolve();

  constructor(drivers: DriverRunner, random: Random) {
    this.#drivers = drivers;
    this.#random = random;
  }

  has(...args: Parameters<DriverRunner['has']>): boolean {
    return this.#drivers.has(...args);
  }

  async run(call: DriverCall): Promise<string> {
    const turns = below(MOST_TURNS, this.#random);
    const fails = this.#random() < this.failing;
    for (let turn = 0; turn < turns; turn++) await setImmediate();
    call.signal?.throwIfAborted();
    try {
      if (fails) throw new ActionFailure('The driver was told to fail.');
      return await this.#drivers.run(call);
    } finally {
      await this.#held;
    }
  }

  /** Lets no action end before what is looked at has been seen: the cloud stands still as far as drivers move it. */
  async hold<T>(look: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = promise;
    try {
      // Those that have ended already are taken note of before.
      await setImmediate();
      return await look();
    } finally {
      resolve();
    }
  }

  monitor(...args: Parameters<DriverRunner['monitor']>): Promise<void> {
    return this.#drivers.monitor(...args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#drivers[Symbol.asyncDispose]();
  }
}
