import { withLock } from '../../lxc/lock.ts';
import type { Report } from './events.ts';

const PATIENCE_MS = 300;

/** Runs `work` while no other process works on the sandbox. The lock ends with the process, however that ends. */
export async function withSandbox<Result>(
  sandbox: string,
  report: Report,
  work: () => Promise<Result>,
): Promise<Result> {
  const tell = () => report({ type: 'note', text: `Another onedock works on sandbox ${sandbox}; waiting for it.` });
  const timer = setTimeout(tell, PATIENCE_MS);
  try {
    return await withLock(`sandbox:${sandbox}`, () => {
      clearTimeout(timer);
      return work();
    });
  } finally {
    clearTimeout(timer);
  }
}

interface SharedLock {
  users: number;
  /** Resolves when this process has the lock. */
  readonly taken: Promise<void>;
  readonly letGo: () => void;
  /** Resolves when others can have it. */
  readonly ended: Promise<void>;
}

const shared = new Map<string, SharedLock>();

/** The same, but what this process does with the sandbox goes on side by side; other processes wait for all of it. */
export async function withSharedSandbox<Result>(
  sandbox: string,
  report: Report,
  work: () => Promise<Result>,
): Promise<Result> {
  const lock = shared.get(sandbox) ?? share(sandbox, report);
  lock.users++;
  try {
    await lock.taken;
    return await work();
  } finally {
    lock.users--;
    if (lock.users === 0) {
      shared.delete(sandbox);
      lock.letGo();
      await lock.ended;
    }
  }
}

function share(sandbox: string, report: Report): SharedLock {
  const { promise: taken, resolve: onTaken } = Promise.withResolvers<void>();
  const { promise: end, resolve: letGo } = Promise.withResolvers<void>();
  const ended = withSandbox(sandbox, report, () => {
    onTaken();
    return end;
  });
  const lock = { users: 0, taken, letGo, ended };
  shared.set(sandbox, lock);
  return lock;
}
