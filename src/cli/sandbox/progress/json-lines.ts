import type { Console } from '../console.ts';
import type { Progress } from './progress.ts';

/** Every event as one JSON document on a line of its own. */
export function jsonLinesProgress({ err }: Pick<Console, 'err'>, now = () => new Date()): Progress {
  return {
    report: (event) => err(`${JSON.stringify({ time: now().toISOString(), ...event })}\n`),
    async [Symbol.asyncDispose]() {},
  };
}
