/**
 * Requests under way: one for each VM at most, so many at a host at most. A request that is given up is told so and
 * waited for, but not for ever; its answer no longer counts.
 */
import pLimit, { type LimitFunction } from 'p-limit';

export interface RequestPolicy {
  /** Requests that one host gets at the same time. */
  readonly perHost: number;
  /** How long a request that was given up may hold up the next one of its VM. */
  readonly graceMs: number;
}

export const DEFAULT_POLICY: RequestPolicy = { perHost: 24, graceMs: 10_000 };

/** How long it is known when a request ended. */
const REMEMBERED_MS = 60_000;

interface Underway {
  readonly controller: AbortController;
  readonly settled: Promise<void>;
}

export class Requests {
  readonly #policy: RequestPolicy;
  readonly #underway = new Map<number, Underway>();
  readonly #hosts = new Map<number, LimitFunction>();
  /** When requests of VMs ended, in milliseconds of the process's clock: those of the last while. */
  readonly #answered = new Map<number, number>();
  #closed = false;

  constructor(policy: RequestPolicy) {
    this.#policy = policy;
  }

  get size(): number {
    return this.#underway.size;
  }

  isUnderway(vmId: number): boolean {
    return this.#underway.has(vmId);
  }

  /** The request of the VM no longer counts; the next one waits until it has ended. */
  giveUp(vmId: number): void {
    this.#underway.get(vmId)?.controller.abort(new Error('The request was given up.'));
  }

  /**
   * Starts a request once the one before it has ended.
   * @param hostId whose limit counts
   * @param answer told how it ended, unless the request was given up or another one has taken its place
   */
  start(
    vmId: number,
    hostId: number,
    play: (signal: AbortSignal) => Promise<string>,
    answer: (result: { readonly output: string } | { readonly error: unknown }) => void,
  ): void {
    if (this.#closed) return;
    const before = this.#underway.get(vmId);
    const controller = new AbortController();
    const { signal } = controller;
    const run = async () => {
      if (before) await this.#ended(before);
      const result = await this.#limit(hostId)(() => play(signal)).then(
        (output) => ({ output }),
        (error: unknown) => ({ error }),
      );
      const isCurrent = this.#underway.get(vmId)?.controller === controller;
      if (isCurrent) this.#underway.delete(vmId);
      if (!isCurrent || signal.aborted) return;
      this.#remember(vmId);
      answer(result);
    };
    this.#underway.set(vmId, { controller, settled: run() });
  }

  /** Without end when no request of the VM ended lately. */
  secondsSinceAnswer(vmId: number): number {
    const time = this.#answered.get(vmId);
    return time === undefined ? Number.POSITIVE_INFINITY : (performance.now() - time) / 1000;
  }

  /** The map keeps the order in which requests ended: old ones stand in front. */
  #remember(vmId: number): void {
    const now = performance.now();
    this.#answered.delete(vmId);
    this.#answered.set(vmId, now);
    for (const [id, time] of this.#answered) {
      if (now - time < REMEMBERED_MS) break;
      this.#answered.delete(id);
    }
  }

  /** Gives everything up, and waits for it as long as for anything given up. */
  async close(): Promise<void> {
    this.#closed = true;
    const all = [...this.#underway.values()];
    for (const { controller } of all) controller.abort(new Error('The front-end stops.'));
    await Promise.all(all.map((one) => this.#ended(one)));
  }

  async #ended({ controller, settled }: Underway): Promise<void> {
    if (!controller.signal.aborted) return settled;
    const timer = Promise.withResolvers<void>();
    const timeout = setTimeout(timer.resolve, this.#policy.graceMs);
    await Promise.race([settled, timer.promise]);
    clearTimeout(timeout);
  }

  #limit(hostId: number): LimitFunction {
    let limit = this.#hosts.get(hostId);
    if (!limit) {
      limit = pLimit(this.#policy.perHost);
      this.#hosts.set(hostId, limit);
    }
    return limit;
  }
}
