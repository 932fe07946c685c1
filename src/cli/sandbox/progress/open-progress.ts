/** How a run is shown on stderr while it goes on. What is shown, and how, follows from options and terminal. */
import type { COMMON_OPTIONS, OptionValues } from '../command.ts';
import type { Console } from '../console.ts';
import type { Progress } from './progress.ts';

type Wish = Pick<OptionValues<typeof COMMON_OPTIONS>, 'json' | 'quiet' | 'verbose'>;

export async function openProgress(console: Console, { json, quiet, verbose }: Wish): Promise<Progress> {
  if (quiet) return { report: () => {}, [Symbol.asyncDispose]: async () => {} };
  if (json) return (await import('./json-lines.ts')).jsonLinesProgress(console);
  const isLive = console.isTerminal && !verbose && console.env.CI === undefined;
  if (isLive) return (await import('./live.ts')).liveProgress(console);
  return (await import('./plain.ts')).plainProgress(console, { verbose });
}
