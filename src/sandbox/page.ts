import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from './errors.ts';

const FIRST_INTERVAL_MS = 5;
const LAST_INTERVAL_MS = 250;
/** A machine whose network is not up yet loses packets; the next try is then quicker than the kernel's second one. */
const TRY_MS = 400;

/** Waits until a web page answers with success. @throws PAGE_SILENT */
export async function waitForPage(
  vm: string,
  url: string,
  { timeoutSeconds, signal }: { readonly timeoutSeconds: number; readonly signal: AbortSignal },
): Promise<void> {
  const deadline = performance.now() + timeoutSeconds * 1000;
  for (let interval = FIRST_INTERVAL_MS; !(await answers(url)); interval = Math.min(interval * 2, LAST_INTERVAL_MS)) {
    if (performance.now() > deadline) throw fail('PAGE_SILENT', { vm, url, seconds: timeoutSeconds });
    await sleep(interval, undefined, { signal });
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: TRY_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
