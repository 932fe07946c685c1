import { describe, expect, it } from 'vitest';
import type { Tool } from '../../../src/cli/one/command.ts';
import { globalOptions } from '../../../src/cli/one/help.ts';
import { TOOLS } from '../../../src/cli/one/main.ts';
import { parseArguments, splitCommand } from '../../../src/cli/one/parse-arguments.ts';
import { COMMANDS } from '../../../src/cli/sandbox/commands.ts';
import { parseCommandLine } from '../../../src/cli/sandbox/program.ts';
import { documentedCommands, pages } from '../../support/documented-commands.ts';
import { readSource } from '../../support/source-files.ts';

const { scripts } = JSON.parse(readSource('package.json')) as { scripts: Record<string, string> };

describe('the commands in the documentation', () => {
  const shown = pages.flatMap(documentedCommands);

  it.each(shown.filter(({ words }) => isOurs(words)))('$page: $line', async ({ words }) => {
    await check(words);
  });
});

function isOurs([program = '', ...rest]: readonly string[]): boolean {
  if (program === 'npx') return isOurs(rest);
  return program === 'npm' ? rest[0] === 'run' || rest[0] === 'test' : program === 'onedock' || program in TOOLS;
}

/** @throws what the user would be told */
async function check([program = '', ...rest]: readonly string[]): Promise<void> {
  if (program === 'npx') await check(rest);
  else if (program === 'npm') await checkScript(rest);
  else if (program === 'onedock') await checkVerb(rest);
  else await checkTool(program, rest);
}

async function checkScript(words: readonly string[]): Promise<void> {
  const [script = '', separator, ...rest] = words.slice(words.findIndex((word) => !/^(run|--silent)$/.test(word)));
  expect(scripts).toHaveProperty([script]);
  if (script === 'sandbox' && separator !== undefined) {
    expect(separator).toBe('--');
    await checkVerb(rest);
  }
}

async function checkVerb(words: readonly string[]): Promise<void> {
  const request = parseCommandLine(words, COMMANDS, { calledAs: 'onedock', version: '', defaultCommand: 'up' });
  if ('text' in request || request.command.name !== 'one') return;
  const [tool = '', ...rest] = request.arguments.command ?? [];
  await checkTool(tool, rest);
}

async function checkTool(name: string, words: readonly string[]): Promise<void> {
  expect(TOOLS).toHaveProperty([name]);
  const tool: Tool = await TOOLS[name as keyof typeof TOOLS]();
  const { command: called, rest } = tool.main
    ? { command: name, rest: words }
    : splitCommand(words, globalOptions(tool));
  const command =
    tool.main ?? tool.commands.find((each) => each.name === called || each.aliases?.includes(called ?? ''));
  expect(command, `${name} ${called}`).toBeDefined();
  const { args } = parseArguments(rest, [...(command?.options ?? []), ...globalOptions(tool)]);
  const taken = command?.args ?? [];
  expect(args.length).toBeLessThanOrEqual(taken.length);
  expect(args.length).toBeGreaterThanOrEqual(taken.filter(({ isOptional }) => !isOptional).length);
}
