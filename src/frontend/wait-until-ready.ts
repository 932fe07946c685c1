/** Waits for a front-end that is being started: a service manager runs it after the start. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from './errors.ts';

const DEADLINE_SECONDS = 30;
const LOOK_AGAIN_MS = 20;

/** @throws FRONTEND_NOT_READY with what it saw last */
export async function waitUntilReady(url: string): Promise<void> {
  const deadline = Date.now() + DEADLINE_SECONDS * 1000;
  let last = 'nothing was tried';
  while (Date.now() < deadline) {
    try {
      const { status } = await fetch(url, { signal: AbortSignal.timeout(1_000) });
      if (status === 200) return;
      last = `status ${status}`;
    } catch (error) {
      last = error instanceof Error ? String(error.cause ?? error.message) : String(error);
    }
    await sleep(LOOK_AGAIN_MS);
  }
  throw fail('FRONTEND_NOT_READY', { url, seconds: DEADLINE_SECONDS, last });
}
