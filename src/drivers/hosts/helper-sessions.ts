/**
 * Lasting runs of the helper on one host. A session of SSH, a shell and sudo cost more than most of what the helper does,
 * and of many VMs at once each needs it several times; so a run takes calls one after the other (`serve` of the helper),
 * and ends when nobody has called for a while.
 */
import { fail as failCommand } from '../../transport/errors.ts';
import { Slots } from '../../transport/slots.ts';
import type { SshProcess } from '../../transport/ssh-process.ts';

export interface HelperCall {
  readonly verb: string;
  readonly args: readonly string[];
  readonly stdin: string;
}

export interface HelperAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  /** The sentence of a failure. */
  readonly said: string;
}

export interface HelperSessionsOptions {
  /** As errors name the host. */
  readonly place: string;
  readonly start: () => Promise<SshProcess>;
  readonly timeoutSeconds: number;
  readonly idleMs?: number;
}

/** Half of what a connection has for commands. */
const MOST_SESSIONS = 4;
const IDLE_MS = 15_000;
/** The helper reads what it is sent byte by byte. */
const MOST_STDIN = 64 * 1024;
/** What takes its time is not to keep others waiting. */
const QUICK_VERBS: ReadonlySet<string> = new Set([
  'bridge-ensure',
  'vxlan-ensure',
  'vlan-ensure',
  'vm-prepare',
  'vm-connect',
  'vm-open',
  'vm-release',
  'vm-remove',
  'nic-plug',
  'nic-unplug',
]);

export class HelperSessions implements Disposable {
  readonly #options: HelperSessionsOptions;
  readonly #slots = new Slots(MOST_SESSIONS);
  readonly #idle: HelperSession[] = [];

  constructor(options: HelperSessionsOptions) {
    this.#options = options;
  }

  /**
   * @returns undefined when the helper has to be started for this call alone: because of what is asked, or because the
   * session ended without an answer, whyever
   * @throws COMMAND_TIMED_OUT, SSH_*, the signal's reason
   */
  async call(call: HelperCall, signal: AbortSignal | undefined): Promise<HelperAnswer | undefined> {
    if (!suits(call)) return undefined;
    const { place, timeoutSeconds } = this.#options;
    const deadline = AbortSignal.timeout(timeoutSeconds * 1000);
    const either = AbortSignal.any([deadline, ...(signal ? [signal] : [])]);
    try {
      using _slot = await this.#slots.take(either);
      const session = this.#takeIdle() ?? new HelperSession(await this.#options.start());
      const answer = await session.ask(call, either);
      if (answer) this.#keep(session);
      return answer;
    } catch (error) {
      signal?.throwIfAborted();
      if (!deadline.aborted) throw error;
      throw failCommand('COMMAND_TIMED_OUT', { place, line: lineOf(call), timeoutSeconds, output: '' });
    }
  }

  /** Those that are called at this moment end with their connection. */
  [Symbol.dispose](): void {
    for (const session of this.#idle.splice(0)) session.close();
  }

  #takeIdle(): HelperSession | undefined {
    let session = this.#idle.pop();
    while (session?.hasEnded) session = this.#idle.pop();
    session?.cancelClosing();
    return session;
  }

  #keep(session: HelperSession): void {
    this.#idle.push(session);
    session.closeAfter(this.#options.idleMs ?? IDLE_MS, () => {
      const index = this.#idle.indexOf(session);
      if (index >= 0) this.#idle.splice(index, 1);
    });
  }
}

/** Words are separated by blanks, so none may hold one, or be nothing. */
function suits({ verb, args, stdin }: HelperCall): boolean {
  return QUICK_VERBS.has(verb) && stdin.length <= MOST_STDIN && args.every((word) => /^[!-~]+$/.test(word));
}

function lineOf({ verb, args }: HelperCall): string {
  return ['onedock-host-helper', verb, ...args].join(' ');
}

/** It stands before the exit code and the sentence of a failure, which end an answer. */
const RECORD_SEPARATOR = String.fromCharCode(30);

/** Undefined while it is not complete. */
function readAnswer(received: string): HelperAnswer | undefined {
  const at = received.lastIndexOf(RECORD_SEPARATOR);
  const [, exitCode, said = ''] = /^(\d+) (.*)\n$/.exec(received.slice(at + 1)) ?? [];
  if (at < 0 || exitCode === undefined) return undefined;
  return { exitCode: Number(exitCode), stdout: received.slice(0, at), said };
}

class HelperSession {
  hasEnded = false;
  readonly #process: SshProcess;
  #received = '';
  #told: (() => void) | undefined;
  #closing: NodeJS.Timeout | undefined;

  constructor(process: SshProcess) {
    this.#process = process;
    process.stderr.resume();
    process.stdout.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString('utf8');
      this.#told?.();
    });
    process.ended.then(() => {
      this.hasEnded = true;
      this.#told?.();
    });
  }

  /** @returns undefined when it ended without an answer @throws the signal's reason; the session is of no use then */
  async ask({ verb, args, stdin }: HelperCall, signal: AbortSignal): Promise<HelperAnswer | undefined> {
    const lines = stdin.split('\n').slice(0, -1);
    this.#received = '';
    const { promise, resolve, reject } = Promise.withResolvers<HelperAnswer | undefined>();
    this.#told = () => {
      const answer = readAnswer(this.#received);
      if (answer || this.hasEnded) resolve(answer);
    };
    const leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    try {
      signal.throwIfAborted();
      this.#told();
      this.#process.stdin.write(`${[`${lines.length} ${verb} ${args.join(' ')}`, ...lines].join('\n')}\n`);
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

  /** The helper ends when its standard input does. What it does at this moment it finishes. */
  close(): void {
    this.cancelClosing();
    this.#process.stdin.end();
  }
}
