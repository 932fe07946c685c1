import type { Console } from '../console.ts';
import { seconds } from '../output/seconds.ts';
import type { Progress } from './progress.ts';

/** A step that takes longer is announced, so that nobody wonders. */
const ANNOUNCE_MS = 2000;

/** A line for each step when it is over, with how long it took; for logs and pipes. */
export function plainProgress(
  { err }: Pick<Console, 'err'>,
  { verbose, announceMs = ANNOUNCE_MS }: { verbose: boolean; announceMs?: number },
): Progress {
  const announcements = new Map<string, NodeJS.Timeout>();
  const settle = (step: string) => {
    clearTimeout(announcements.get(step));
    announcements.delete(step);
  };
  return {
    report(event) {
      if (event.type === 'started') {
        const announce = () => err(`  ${event.title} …\n`);
        announcements.set(event.step, setTimeout(announce, verbose ? 0 : announceMs));
      } else if (event.type === 'done') {
        settle(event.step);
        err(`✓ ${event.title} (${seconds(event.seconds)})\n`);
      } else if (event.type === 'failed') {
        settle(event.step);
        err(`✗ ${event.title} (${seconds(event.seconds)})\n`);
      } else if (event.type === 'cancelled') {
        settle(event.step);
        err(`- ${event.title}, cancelled\n`);
      } else if (event.type === 'output' && verbose) {
        err(`    ${event.line}\n`);
      } else if (event.type === 'note') {
        err(`! ${event.text}\n`);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const step of announcements.keys()) settle(step);
    },
  };
}
