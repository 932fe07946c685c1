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
