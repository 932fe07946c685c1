/**
 * Lasting programs on one host that take calls one after the other: runs of the helper (its verb `serve`), and shells. A session
 * of SSH, a shell and sudo cost more than most of what is done in them, and of many VMs at once each needs it several times.
 * A program ends when nobody has called for a while.
 */
import { fail as failCommand } from '../../transport/errors.ts';
import { Slots } from '../../transport/slots.ts';
import type { SshProcess } from '../../transport/ssh-process.ts';

export interface SessionCall {
  /** One line, as the program reads it. */
  readonly line: string;
  /** Whole lines. */
  readonly stdin: string;
}

export interface SessionAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  /** The last line that was said on stderr: the sentence of a failure. */
  readonly said: string;
}

export interface CallSessionsOptions {
  /** As errors name the host. */
  readonly place: string;
  readonly start: () => Promise<SshProcess>;
  readonly timeoutSeconds: number;
  /** Sessions at the same time; a connection has eight for all that is done. */
  readonly most: number;
}

const IDLE_MS = 15_000;
/** The programs read what they are sent byte by byte. */
const MOST_STDIN = 64 * 1024;

export class CallSessions implements Disposable {
  readonly #options: CallSessionsOptions;
  readonly #slots: Slots;
  readonly #idle: CallSession[] = [];

  constructor(options: CallSessionsOptions) {
    this.#options = options;
    this.#slots = new Slots(options.most);
  }

  /**
   * @returns undefined when a program has to be started for this call alone: because of what is asked, or because the
   * session ended without an answer, whyever
   * @throws COMMAND_TIMED_OUT, SSH_*, the signal's reason
   */
  async call(call: SessionCall, signal: AbortSignal | undefined): Promise<SessionAnswer | undefined> {
    if (!suits(call)) return undefined;
    const { place, timeoutSeconds } = this.#options;
    const deadline = AbortSignal.timeout(timeoutSeconds * 1000);
    const either = AbortSignal.any([deadline, ...(signal ? [signal] : [])]);
    try {
      using _slot = await this.#slots.take(either);
      const session = this.#takeIdle() ?? new CallSession(await this.#options.start());
      const answer = await session.ask(call, either);
      if (answer) this.#keep(session);
      return answer;
    } catch (error) {
      signal?.throwIfAborted();
      if (!deadline.aborted) throw error;
      throw failCommand('COMMAND_TIMED_OUT', { place, line: call.line, timeoutSeconds, output: '' });
    }
  }

  /** Those that are called at this moment end with their connection. */
  [Symbol.dispose](): void {
    for (const session of this.#idle.splice(0)) session.close();
  }

  #takeIdle(): CallSession | undefined {
    let session = this.#idle.pop();
    while (session?.hasEnded) session = this.#idle.pop();
    session?.cancelClosing();
    return session;
  }

  #keep(session: CallSession): void {
    this.#idle.push(session);
    session.closeAfter(IDLE_MS, () => {
      const index = this.#idle.indexOf(session);
      if (index >= 0) this.#idle.splice(index, 1);
    });
  }
}

function suits({ line, stdin }: SessionCall): boolean {
  return !line.includes('\n') && stdin.length <= MOST_STDIN;
}

/** It stands before the exit code and the sentence of a failure, which end an answer. */
const RECORD_SEPARATOR = String.fromCharCode(30);

/** Undefined while it is not complete. */
function readAnswer(received: string): SessionAnswer | undefined {
  const at = received.lastIndexOf(RECORD_SEPARATOR);
  const [, exitCode, said = ''] = /^(\d+) (.*)\n$/.exec(received.slice(at + 1)) ?? [];
  if (at < 0 || exitCode === undefined) return undefined;
  return { exitCode: Number(exitCode), stdout: received.slice(0, at), said };
}

class CallSession {
  hasEnded = false;
  readonly #process: SshProcess;
  #received = '';
  #told: (() => void) | undefined;
  #closing: NodeJS.Timeout | undefined;

  constructor(process: SshProcess) {
    this.#process = process;
    process.stderr.resume();
    process.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      this.#received += chunk;
      this.#told?.();
    });
    process.ended.then(() => {
      this.hasEnded = true;
      this.#told?.();
    });
  }

  /** @returns undefined when it ended without an answer @throws the signal's reason; the session is of no use then */
  async ask({ line, stdin }: SessionCall, signal: AbortSignal): Promise<SessionAnswer | undefined> {
    const lines = stdin.split('\n').slice(0, -1);
    this.#received = '';
    const { promise, resolve, reject } = Promise.withResolvers<SessionAnswer | undefined>();
    this.#told = () => {
      const answer = readAnswer(this.#received);
      if (answer || this.hasEnded) resolve(answer);
    };
    const leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    try {
      signal.throwIfAborted();
      this.#told();
      this.#process.stdin.write(`${[`${lines.length} ${line}`, ...lines].join('\n')}\n`);
      return await promise;
    } catch (error) {
      this.close();
      throw error;
    } finally {
      signal.removeEventListener('abort', leave);
      this.#told = undefined;
    }
  }

  closeAfter(ms: number, closed: () => void): void {
    this.#closing = setTimeout(() => {
      closed();
      this.close();
    }, ms).unref();
  }

  cancelClosing(): void {
    clearTimeout(this.#closing);
  }

  /** The program ends when its standard input does. What it does at this moment it finishes. */
  close(): void {
    this.cancelClosing();
    this.#process.stdin.end();
  }
}
