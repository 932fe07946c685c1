import type { LogLevel } from './action.ts';

const LEVELS: Readonly<Record<string, LogLevel>> = { ERROR: 'error', WARN: 'warning', INFO: 'info', DEBUG: 'debug' };

export interface ScriptErrors {
  readonly logLines: readonly { readonly level: LogLevel; readonly text: string }[];
  /** Why the script failed, in one line; empty when it did not say. */
  readonly reason: string;
}

/**
 * Reads what a driver script wrote to stderr. Lines such as `INFO: clone: text`, with the id of an object after the
 * colon or not, belong to the log; the others are the reason of a failure (src/mad/ruby/CommandManager.rb, 7.4).
 */
export function readScriptErrors(stderr: string): ScriptErrors {
  const logLines: { level: LogLevel; text: string }[] = [];
  const reason: string[] = [];
  for (const line of stderr.split('\n').map((each) => each.trim())) {
    const [, word = '', text = ''] = /^(ERROR|INFO|WARN|DEBUG): ?(?:\d+ )?(.*)$/.exec(line) ?? [];
    const level = LEVELS[word];
    if (level) logLines.push({ level, text });
    else if (line !== '') reason.push(line);
  }
  return { logLines, reason: reason.join(' ') };
}
