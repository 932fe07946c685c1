/** Types a line at the commands, against a front-end of canned answers. */
import { runOne, type Surroundings } from '../../support/one-command.ts';
import { type Answers, startStubFrontend } from '../../support/stub-frontend.ts';

/** A line is written with blanks between its words, or as the words. */
export async function type(line: string | readonly string[], answers: Answers, more: Partial<Surroundings> = {}) {
  await using frontend = await startStubFrontend(answers);
  const argv = typeof line === 'string' ? line.split(' ') : line;
  const outcome = await runOne(argv, { endpoint: frontend.endpoint, ...more });
  return { ...outcome, calls: [...frontend.calls] };
}
