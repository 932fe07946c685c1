/** Drivers that give out the addresses of ranges with IPAM_MAD: executables in `remotes/ipam/NAME` (src/ipamm_mad, 7.4). */
import { AsyncLocalStorage } from 'node:async_hooks';
import { failureText } from '../../drivers/contract/action.ts';
import type { DriverRunner } from '../../drivers/contract/driver-runner.ts';
import { AddressAsked, type Ipam, IpamRefused, type IpamRequest } from '../objects/ipam.ts';
import type { Log } from '../platform/log.ts';

export interface IpamDriversOptions {
  readonly drivers: DriverRunner;
  readonly log: Log;
}

/** What drivers have said in the course of one piece of work. */
interface Answer {
  readonly request: IpamRequest;
  readonly text?: string;
  readonly refusal?: string;
  /** Whether the work, as it was done last, made use of it. */
  isUsed: boolean;
}

export class IpamDrivers implements Ipam, AsyncDisposable {
  readonly #options: IpamDriversOptions;
  readonly #stop = new AbortController();
  readonly #told = new Set<Promise<unknown>>();
  readonly #answers = new AsyncLocalStorage<Answer[]>();
  #requestId = 0;

  constructor(options: IpamDriversOptions) {
    this.#options = options;
  }

  ask(request: IpamRequest): string {
    const known = this.#answers.getStore()?.find((answer) => !answer.isUsed && isSame(answer.request, request));
    if (!known) throw new AddressAsked(request);
    known.isUsed = true;
    if (known.refusal !== undefined) throw new IpamRefused(known.refusal);
    return known.text ?? '';
  }

  tell(request: IpamRequest): void {
    const told = this.#run(request).catch((error) => {
      if (!this.#stop.signal.aborted) this.#options.log('IPM', 'error', failureText(error));
    });
    this.#told.add(told);
    void told.finally(() => this.#told.delete(told));
  }

  /**
   * Does work that asked for an answer again, and with what else it asks for, until it is done or fails. What a driver
   * granted and nothing came of is taken back.
   * @param asked what the work threw at first
   */
  async again<T>(asked: AddressAsked, work: () => T | Promise<T>): Promise<T> {
    const answers: Answer[] = [];
    try {
      const result = await this.#untilAnswered(asked, answers, work);
      this.#takeBack(answers.filter(({ isUsed }) => !isUsed));
      return result;
    } catch (error) {
      this.#takeBack(answers);
      throw error;
    } finally {
      // What the work has set off runs in its context still, and is not to take its answers for its own.
      answers.length = 0;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error('The front-end stops.'));
    await Promise.all(this.#told);
  }

  async #untilAnswered<T>(asked: AddressAsked, answers: Answer[], work: () => T | Promise<T>): Promise<T> {
    let next = asked;
    for (;;) {
      answers.push(await this.#answerTo(next.request));
      for (const answer of answers) answer.isUsed = false;
      try {
        return await this.#answers.run(answers, async () => work());
      } catch (error) {
        if (!(error instanceof AddressAsked)) throw error;
        next = error;
      }
    }
  }

  async #answerTo(request: IpamRequest): Promise<Answer> {
    try {
      return { request, text: await this.#run(request), isUsed: false };
    } catch (error) {
      return { request, refusal: failureText(error), isUsed: false };
    }
  }

  #takeBack(answers: readonly Answer[]): void {
    for (const { request, text } of answers) {
      if (text !== undefined) for (const undo of request.undo?.(text) ?? []) this.tell(undo);
    }
  }

  async #run({ driver, action, document }: IpamRequest): Promise<string> {
    const { drivers, log } = this.#options;
    if (!drivers.has('ipam', driver)) throw new IpamRefused(`IPAM driver '${driver}' not available.`);
    const argv = [String(this.#requestId++)];
    const call = { family: 'ipam', driver, action, argv, stdin: document, signal: this.#stop.signal } as const;
    return await drivers.run({ ...call, log: (level, text) => log('IPM', level, text) });
  }
}

function isSame(a: IpamRequest, b: IpamRequest): boolean {
  return a.driver === b.driver && a.action === b.action && a.document === b.document;
}
