/** A real browser, where there is one. */
import { accessSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PROGRAM = '/usr/bin/chromium';

/** Why there is none; undefined where there is one. */
export function noBrowser(): string | undefined {
  try {
    accessSync(PROGRAM);
    return undefined;
  } catch {
    return `a browser test needs ${PROGRAM} (Debian's package chromium)`;
  }
}

export async function startBrowser(): Promise<Browser> {
  // Its sandbox does not work for root; the pages are the test's own.
  return await chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox', '--disable-gpu'] });
}
