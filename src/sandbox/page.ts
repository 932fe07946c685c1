import { setTimeout as sleep } from 'node:timers/promises';
import { http } from '../node-http.ts';
import type { Transport } from '../transport/transport.ts';
import { fail } from './errors.ts';

const FIRST_INTERVAL_MS = 5;
const LAST_INTERVAL_MS = 250;
/** A machine whose network is not up yet loses packets; the next try is then quicker than the kernel's second one. */
const TRY_MS = 400;

/** Waits on another machine until a page answers there. @throws PAGE_SILENT */
export async function waitForPageFrom(
  machine: Transport,
  vm: string,
  url: string,
  { timeoutSeconds, signal }: { readonly timeoutSeconds: number; readonly signal: AbortSignal },
): Promise<void> {
  const patience = [
    '--retry',
    '1000',
    '--retry-all-errors',
    '--retry-delay',
    '1',
    '--retry-max-time',
    `${timeoutSeconds}`,
  ];
  const ask = ['curl', '--silent', '--fail', '--output', '/dev/null', '--connect-timeout', '2', ...patience, url];
  await machine.run(ask, { timeoutSeconds: timeoutSeconds + 10, signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw fail('PAGE_SILENT', { vm, url, seconds: timeoutSeconds }, cause);
  });
}

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
    const request = http.get(url, { agent: false, timeout: TRY_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
