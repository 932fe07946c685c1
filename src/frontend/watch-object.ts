import type { Kind } from './objects/kinds.ts';
import type { Cloud } from './store/cloud.ts';
import type { Watch } from './xmlrpc/exposed-method.ts';

/** Waits for changes of one object. */
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
