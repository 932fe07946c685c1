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
    if (fails) throw new ActionFailure('The driver was told to fail.');
    return this.#drivers.run(call);
  }

  monitor(...args: Parameters<DriverRunner['monitor']>): Promise<void> {
    return this.#drivers.monitor(...args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#drivers[Symbol.asyncDispose]();
  }
}
