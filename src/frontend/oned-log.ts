/** oned.log in OpenNebula's own line format; pino's destination gathers lines and writes them behind the program's back. */
import pino from 'pino';
import type { Clock } from './platform/clock.ts';
import { type Log, type LogLevel, logLine } from './platform/log.ts';

export interface OnedLog extends Disposable {
  readonly log: Log;
  /** Opens the file anew, after it was moved away. */
  reopen(): void;
}

export interface OnedLogOptions {
  /** Standard output when undefined. */
  readonly path: string | undefined;
  /** LOG/DEBUG_LEVEL: 0 errors, 1 warnings, 2 information, 3 and above everything. */
  readonly debugLevel: number;
  readonly clock: Clock;
}

/** A message of a level is written from this debug level on. */
const WRITTEN_FROM: Readonly<Record<LogLevel, number>> = { error: 0, warning: 1, info: 2, debug: 3 };

export function openOnedLog({ path, debugLevel, clock }: OnedLogOptions): OnedLog {
  const file = pino.destination({ dest: path ?? 1, mkdir: true, sync: false, minLength: 0 });
  return {
    log(module, level, text) {
      if (WRITTEN_FROM[level] <= Math.max(0, debugLevel)) file.write(logLine(clock.now(), module, level, text));
    },
    reopen: () => file.reopen(),
    [Symbol.dispose]() {
      file.flushSync();
      file.end();
    },
  };
}
