/** docs/reference/cli.md: the verbs of `onedock`, from their table. */
import { type AnyCommand, COMMON_OPTIONS, type Options } from '../../src/cli/sandbox/command.ts';
import { COMMANDS } from '../../src/cli/sandbox/commands.ts';
import { optionSpelling, synopsis } from '../../src/cli/sandbox/spelling.ts';

export async function renderCli(): Promise<string> {
  return [
    '# onedock',
    "The sandbox's verbs. From a clone they are typed as `npm run sandbox -- <verb>` or `npx onedock <verb>`; without a verb `up` is meant. What the sandbox consists of is said in [sandbox.yaml](sandbox-yaml.md). OpenNebula's own commands are in [commands](commands.md).",
    "stdout carries the answer, and with `--json` exactly one JSON document; progress goes to stderr. `NO_COLOR` is respected. Verbs marked with ♯ are root's: they call sudo where they are not. [Exit codes](exit-codes.md).",
    '## Options of every verb',
    optionList(COMMON_OPTIONS),
    ...COMMANDS.map(renderCommand),
  ].join('\n\n');
}

function renderCommand(command: AnyCommand): string {
  const { name, summary, description, arguments: words, options, examples, needsRoot } = command;
  const argumentLines = Object.entries(words).map(([argument, each]) => `- \`${argument}\`: ${each.summary}`);
  const exampleLines = examples.map(({ line, what }) => `- \`onedock ${line}\`: ${what}`);
  return [
    `## ${name}`,
    `\`onedock ${synopsis(command)}\`${needsRoot === true ? ' ♯' : ''}`,
    `${summary}.`,
    ...(description === undefined ? [] : [description]),
    ...(argumentLines.length > 0 ? [argumentLines.join('\n')] : []),
    ...(Object.keys(options).length > 0 ? [optionList(options)] : []),
    ...(exampleLines.length > 0 ? [['Examples:', '', ...exampleLines].join('\n')] : []),
  ].join('\n\n');
}

function optionList(options: Options): string {
  return Object.entries(options)
    .map(([name, option]) => `- \`${optionSpelling(name, option)}\`: ${option.summary}`)
    .join('\n');
}
