/**
 * Work that several callers want at the same time is done once: the first starts it, all get its result. A caller that is
 * aborted leaves the others alone; when the last one has left, the work itself is aborted.
 */
export class SharedWork<Result> {
  readonly #running = new Map<string, Running<Result>>();

  async run(
    key: string,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    signal?.throwIfAborted();
    const running = this.#running.get(key) ?? this.#start(key, work);
    running.callers++;
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const leave = () => reject(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([running.result, aborted]);
    } finally {
      signal?.removeEventListener('abort', leave);
      running.callers--;
      if (running.callers === 0) running.controller.abort();
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<Result>): Running<Result> {
    const controller = new AbortController();
    const result = work(controller.signal).finally(() => {
      if (this.#running.get(key) === running) this.#running.delete(key);
    });
    const running = { callers: 0, controller, result };
    this.#running.set(key, running);
    // Abandoned work rejects when nobody waits any more.
    controller.signal.addEventListener('abort', () => {
      if (this.#running.get(key) === running) this.#running.delete(key);
    });
    result.catch(() => {});
    return running;
  }
}

interface Running<Result> {
  callers: number;
  readonly controller: AbortController;
  readonly result: Promise<Result>;
}
