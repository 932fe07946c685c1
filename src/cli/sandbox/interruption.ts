import { fail } from '../../sandbox/errors.ts';
import { EXIT } from './exit-codes.ts';

/** A launcher passes on what the terminal has already sent, so a signal within this time is the same one. */
const SAME_SIGNAL_MS = 1000;

/**
 * A signal that is aborted by Ctrl-C, SIGTERM or SIGHUP, so that what goes on can be undone. A second one ends the
 * process at once, and leaves the rest to the next `up` or `down`.
 */
export function interruption(): { readonly signal: AbortSignal; stopListening(): void } {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const interrupt = () => {
    const now = performance.now();
    if (firstAt !== undefined && now - firstAt < SAME_SIGNAL_MS) return;
    if (firstAt !== undefined) process.exit(EXIT.INTERRUPTED);
    firstAt = now;
    controller.abort(fail('INTERRUPTED', {}));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const each of signals) process.on(each, interrupt);
  return {
    signal: controller.signal,
    stopListening() {
      for (const each of signals) process.off(each, interrupt);
    },
  };
}
