/** Waiting for a change of one object. */
import type { Kind } from '../objects/kinds.ts';
import type { Cloud } from './cloud.ts';

export interface Watch extends Disposable {
  /** Resolves when the object has changed since this was last asked, or since the watch began; and when `signal` is aborted. */
  change(signal: AbortSignal): Promise<void>;
}

export function watchObject(cloud: Cloud, kind: Kind, id: number): Watch {
  let hasChanged = false;
  let wake = () => {};
  const subscription = cloud.subscribe((changes) => {
    if (!changes.some((change) => change.kind === kind && change.id === id)) return;
    hasChanged = true;
    wake();
  });
  return {
    async change(signal) {
      if (!hasChanged && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        signal.addEventListener('abort', wake, { once: true });
        await promise;
        signal.removeEventListener('abort', wake);
      }
      hasChanged = false;
    },
    [Symbol.dispose]: () => subscription[Symbol.dispose](),
  };
}
