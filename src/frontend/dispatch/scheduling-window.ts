/**
 * How long the scheduler collects VMs before it looks for places: not at all, unless oned.conf itself sets
 * SCHED_MAX_WND_TIME (seconds) or SCHED_MAX_WND_LENGTH (VMs). With either, as OpenNebula does: until the time is over or
 * so many wait, whichever comes first (src/schedm/SchedulerManager.cc, 7.4).
 */
import type { Configuration } from '../configuration/configuration.ts';
import type { Clock } from '../platform/clock.ts';

export interface WindowLimits {
  readonly seconds: number;
  readonly vms: number;
}

const NONE: WindowLimits = { seconds: 0, vms: 0 };

const ATTRIBUTES = ['SCHED_MAX_WND_TIME', 'SCHED_MAX_WND_LENGTH'];

export function windowLimits(configuration: Configuration): WindowLimits {
  if (!ATTRIBUTES.some((name) => configuration.isGiven(name))) return NONE;
  return { seconds: configuration.number('SCHED_MAX_WND_TIME'), vms: configuration.number('SCHED_MAX_WND_LENGTH') };
}

export class SchedulingWindow implements Disposable {
  readonly #limits: WindowLimits;
  readonly #clock: Clock;
  readonly #onClosed: () => void;
  #timer: Disposable | undefined;
  /** The window is over, and not all that it collected has been looked at. */
  #closed = false;

  /** @param onClosed is called when the time of a window is over */
  constructor(limits: WindowLimits, clock: Clock, onClosed: () => void) {
    this.#limits = limits;
    this.#clock = clock;
    this.#onClosed = onClosed;
  }

  /** Whether it is time to look at them; opens a window if not. @param waiting VMs to be looked at, at least one */
  isOver(waiting: number): boolean {
    const { seconds, vms } = this.#limits;
    if (this.#closed || seconds === 0 || waiting >= vms) {
      this.#close();
      return true;
    }
    this.#timer ??= this.#clock.after(seconds, () => {
      this.#close();
      this.#onClosed();
    });
    return false;
  }

  /** Nothing waits any more. */
  reset(): void {
    this.#closed = false;
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  #close(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#closed = true;
  }
}
