/**
 * One action at a time on a VM. The monitoring takes the same lock before it judges a container that has ended, so that a
 * stop which an action asked for is never taken for a VM that powered itself off.
 */
import { createInterface } from 'node:readline';
import { lineList } from '../../opennebula/lists.ts';
import type { SshTransport } from '../../transport/ssh.ts';
import type { LockOptions } from './docker-hosts.ts';
import { fail } from './errors.ts';

export interface VmLocks {
  /** @throws VM_BUSY, or the signal's reason */
  take(name: string, options: LockOptions): Promise<AsyncDisposable>;
  /** Names of the VMs whose lock somebody has. */
  held(signal?: AbortSignal): Promise<ReadonlySet<string>>;
}

/** As long as the longest action that should be waited for. */
const DEFAULT_LOCK_SECONDS = 120;

/** For drivers of which one process does everything: the embedded front-end. */
export class ProcessVmLocks implements VmLocks {
  readonly #host: string;
  /** For each VM that is locked, the end of the last one in line. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(host: string) {
    this.#host = host;
  }

  async take(name: string, { signal, timeoutSeconds = DEFAULT_LOCK_SECONDS }: LockOptions): Promise<AsyncDisposable> {
    const before = this.#last.get(name);
    if (before && timeoutSeconds === 0) throw fail('VM_BUSY', { host: this.#host, name });
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const last = Promise.all([before, ended]).then(() => {
      if (this.#last.get(name) === last) this.#last.delete(name);
    });
    this.#last.set(name, last);
    try {
      await this.#inTurn(before, name, signal, timeoutSeconds);
    } catch (error) {
      end();
      throw error;
    }
    return {
      [Symbol.asyncDispose]: async () => {
        end();
        await Promise.resolve();
      },
    };
  }

  async held(): Promise<ReadonlySet<string>> {
    return new Set(this.#last.keys());
  }

  async #inTurn(
    before: Promise<void> | undefined,
    name: string,
    signal: AbortSignal | undefined,
    timeoutSeconds: number,
  ): Promise<void> {
    signal?.throwIfAborted();
    if (!before) return;
    const { promise, reject } = Promise.withResolvers<never>();
    const leave = () => reject(signal?.reason);
    const timer = setTimeout(() => reject(fail('VM_BUSY', { host: this.#host, name })), timeoutSeconds * 1000);
    signal?.addEventListener('abort', leave, { once: true });
    try {
      await Promise.race([before, promise]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    }
  }
}

/**
 * For drivers that are programs of their own: a lock on a file of the host, held by a process there that ends when its
 * standard input does, so also when the program here is killed.
 */
export class HostVmLocks implements VmLocks {
  readonly #ssh: SshTransport;

  constructor(ssh: SshTransport) {
    this.#ssh = ssh;
  }

  async take(name: string, { signal, timeoutSeconds = DEFAULT_LOCK_SECONDS }: LockOptions): Promise<AsyncDisposable> {
    const holder = await this.#ssh.spawn(
      ['flock', '--wait', `${timeoutSeconds}`, `${LOCK_PREFIX}${name}`, 'sh', '-c', 'echo held && cat'],
      signal ? { signal } : {},
    );
    holder.stderr.resume();
    const lines = createInterface({ input: holder.stdout });
    const held = new Promise<boolean>((resolve) =>
      lines.once('line', () => resolve(true)).once('close', () => resolve(false)),
    );
    if (!(await held)) {
      signal?.throwIfAborted();
      throw fail('VM_BUSY', { host: this.#ssh.name, name });
    }
    return {
      [Symbol.asyncDispose]: async () => {
        holder.stdin.end();
        await holder.ended;
      },
    };
  }

  async held(signal?: AbortSignal): Promise<ReadonlySet<string>> {
    const { stdout } = await this.#ssh.run(['sh', '-c', LIST_HELD, LOCK_PREFIX], signal ? { signal } : {});
    return new Set(lineList(stdout));
  }
}

const LIST_HELD = `for file in ${'$'}{0}*; do
  [ -f "$file" ] && ! flock --nonblock "$file" true && echo "${'$'}{file#"$0"}"
done; true`;

/** Writable to all users, and empty after a restart of the host. */
const LOCK_PREFIX = '/run/lock/onedock-';
