/** A clock that a test moves: what was to run by the new time has run when `advance` returns. */
import type { Clock } from '../../src/frontend/platform/clock.ts';

interface Entry {
  at: number;
  readonly every?: number;
  readonly run: () => void;
}

export class ManualClock implements Clock {
  #now: number;
  readonly #entries = new Set<Entry>();

  constructor(now = 1_700_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(seconds: number, run: () => void): Disposable {
    return this.#add({ at: this.#now + seconds, run });
  }

  every(seconds: number, run: () => void): Disposable {
    return this.#add({ at: this.#now + seconds, every: seconds, run });
  }

  advance(seconds: number): void {
    const end = this.#now + seconds;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.at);
      if (next.every === undefined) this.#entries.delete(next);
      else next.at += next.every;
      next.run();
    }
    this.#now = end;
  }

  #next(end: number): Entry | undefined {
    return [...this.#entries].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }

  #add(entry: Entry): Disposable {
    this.#entries.add(entry);
    return { [Symbol.dispose]: () => this.#entries.delete(entry) };
  }
}
