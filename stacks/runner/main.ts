/** `npm run stack -- <project> preview|up|refresh|destroy`: the door to the stacks without the official CLI. */
import { parseArgs } from 'node:util';
import type { automation } from '@pulumi/pulumi';
import { CommandError } from '@pulumi/pulumi/automation/index.js';
import { presentError } from '../../src/errors/present.ts';
import { messageOf } from '../../src/errors/thrown.ts';
import { fail } from '../errors.ts';
import { PROJECTS } from './projects.ts';
import { openStack } from './stack.ts';
import { isVerb, VERBS, type Verb } from './verbs.ts';

const USAGE = `Usage: npm run stack -- <project> <verb> [--stack NAME] [--config key=value]... [--secret key=value]...

Projects: ${[...PROJECTS.values()].map(({ name, summary }) => `${name} (${summary})`).join('; ')}
Verbs:    ${Object.keys(VERBS).join(', ')}`;

async function main(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      stack: { type: 'string', default: 'dev' },
      config: { type: 'string', multiple: true, default: [] },
      secret: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  const [projectName = '', verb = ''] = positionals;
  const project = PROJECTS.get(projectName);
  if (values.help || !project || !isVerb(verb)) throw fail('STACK_USAGE', { usage: USAGE });

  const say = (line: string) => process.stderr.write(`${line}\n`);
  const config = { ...configOf(values.config, { secret: false }), ...configOf(values.secret, { secret: true }) };
  const stack = await openStack({ project, stack: values.stack, config, progress: say });
  const answer = await run(stack, verb);
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
}

/** Runs the verb, with the engine's progress on stderr. An interrupt lets the engine end what is under way. */
async function run(stack: automation.Stack, verb: Verb) {
  const interrupted = new AbortController();
  // A terminal interrupts the engine itself, which takes a second interrupt for impatience.
  const onInterrupt = () => process.stdin.isTTY || interrupted.abort();
  process.on('SIGINT', onInterrupt).on('SIGTERM', () => interrupted.abort());
  const onOutput = (text: string) => process.stderr.write(text);
  try {
    return await VERBS[verb](stack, { onOutput, color: 'auto', signal: interrupted.signal });
  } catch (error) {
    const end = interrupted.signal.aborted ? 'was interrupted' : 'failed';
    throw fail('STACK_RUN_FAILED', { stack: stack.name, verb, end, why: reasonOf(error) });
  }
}

/** The engine's exception repeats all that it has printed. */
function reasonOf(error: unknown): string {
  if (error instanceof CommandError) return 'Pulumi has said above which resources failed, and why.';
  return messageOf(error);
}

function configOf(entries: readonly string[], { secret }: { readonly secret: boolean }) {
  return Object.fromEntries(entries.map(splitOnce).map(([key, value]) => [key, { value, secret }]));
}

function splitOnce(entry: string): readonly [string, string] {
  const at = entry.indexOf('=');
  if (at < 1) throw fail('STACK_USAGE', { usage: `A setting is key=value, not ${entry}.\n\n${USAGE}` });
  return [entry.slice(0, at), entry.slice(at + 1)];
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${presentError(error)}\n`);
  process.exitCode = 1;
});
