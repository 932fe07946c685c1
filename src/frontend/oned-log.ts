/** oned.log: written by pino in OpenNebula's own line format. */
import pino from 'pino';
import type { Clock } from './platform/clock.ts';
import { type Log, type LogLevel, type LogModule, logLine } from './platform/log.ts';

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

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;
const PINO_LEVEL: Readonly<Record<LogLevel, (typeof LEVELS)[number]>> = {
  error: 'error',
  warning: 'warn',
  info: 'info',
  debug: 'debug',
};

export function openOnedLog({ path, debugLevel, clock }: OnedLogOptions): OnedLog {
  const file = pino.destination({ dest: path ?? 1, mkdir: true, sync: false, minLength: 0 });
  const stream = {
    write(record: string) {
      const { module, kind, msg } = JSON.parse(record) as { module: LogModule; kind: LogLevel; msg: string };
      file.write(logLine(clock.now(), module, kind, msg));
    },
  };
  const level = LEVELS[Math.max(0, Math.min(debugLevel, LEVELS.length - 1))] ?? 'debug';
  const logger = pino({ base: null, timestamp: false, level }, stream);
  return {
    log: (module, kind, text) => logger[PINO_LEVEL[kind]]({ module, kind }, text),
    reopen: () => file.reopen(),
    [Symbol.dispose]() {
      file.flushSync();
      file.end();
    },
  };
}
