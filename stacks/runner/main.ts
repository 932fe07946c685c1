/** `npm run stack -- <project> preview|up|refresh|destroy`: the door to the stacks without the official CLI. */
import { parseArgs } from 'node:util';
import { presentError } from '../../src/errors/present.ts';
import { fail } from '../errors.ts';
import { PROJECTS } from './projects.ts';
import { openStack } from './stack.ts';

const VERBS = ['preview', 'up', 'refresh', 'destroy'] as const;
type Verb = (typeof VERBS)[number];

const USAGE = `Usage: npm run stack -- <project> <verb> [--stack NAME] [--config key=value]...

Projects: ${[...PROJECTS.values()].map(({ name, summary }) => `${name} (${summary})`).join('; ')}
Verbs:    ${VERBS.join(', ')}`;

async function main(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      stack: { type: 'string', default: 'dev' },
      config: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  const [projectName = '', verb = ''] = positionals;
  const project = PROJECTS.get(projectName);
  if (values.help || !project || !isVerb(verb)) throw fail('STACK_USAGE', { usage: USAGE });

  const say = (line: string) => process.stderr.write(`${line}\n`);
  const config = Object.fromEntries(values.config.map((entry) => splitOnce(entry)));
  const stack = await openStack({ project, stack: values.stack, config, progress: say });
  await stack[verb]({ onOutput: (text: string) => process.stderr.write(text), color: 'auto' });
  const outputs = await stack.outputs();
  const shown = Object.entries(outputs).map(([name, { value, secret }]) => [name, secret ? '[secret]' : value]);
  process.stdout.write(`${JSON.stringify(Object.fromEntries(shown), null, 2)}\n`);
}

function isVerb(verb: string): verb is Verb {
  return (VERBS as readonly string[]).includes(verb);
}

function splitOnce(entry: string): [string, string] {
  const at = entry.indexOf('=');
  if (at < 1) throw fail('STACK_USAGE', { usage: `--config takes key=value, not ${entry}.\n\n${USAGE}` });
  return [entry.slice(0, at), entry.slice(at + 1)];
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${presentError(error)}\n`);
  process.exitCode = 1;
});
