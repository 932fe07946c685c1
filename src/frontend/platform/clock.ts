/** Time, handed to whoever needs it, so that tests can tell it. */
export interface Clock {
  /** Epoch seconds, whole, as OpenNebula counts. */
  now(): number;
  /** Runs once after that many seconds, unless disposed before. */
  after(seconds: number, run: () => void): Disposable;
  /** Runs again and again until disposed. */
  every(seconds: number, run: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => Math.floor(Date.now() / 1000),
  after(seconds, run) {
    const timer = setTimeout(run, seconds * 1000);
    timer.unref();
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
  every(seconds, run) {
    const timer = setInterval(run, seconds * 1000);
    timer.unref();
    return { [Symbol.dispose]: () => clearInterval(timer) };
  },
};

/** A clock that reports what runs by it throws, as when a full disk keeps it from writing, and goes on. */
export function guardedClock(clock: Clock, report: (error: unknown) => void): Clock {
  const guarded = (run: () => void) => () => {
    try {
      run();
    } catch (error) {
      report(error);
    }
  };
  return {
    now: () => clock.now(),
    after: (seconds, run) => clock.after(seconds, guarded(run)),
    every: (seconds, run) => clock.every(seconds, guarded(run)),
  };
}
