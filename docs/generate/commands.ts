/** docs/reference/commands.md: OpenNebula's commands as ONEDock has them, from their own tables. */
import type { Command, Format, Tool } from '../../src/cli/one/command.ts';
import { globalOptions, usage } from '../../src/cli/one/help.ts';
import { TOOLS } from '../../src/cli/one/main.ts';
import { FORMATS } from '../../src/cli/one/options/format.ts';
import { GLOBAL_OPTIONS } from '../../src/cli/one/options/global.ts';
import { LIST_OPTIONS } from '../../src/cli/one/options/list.ts';
import type { AnyOption } from '../../src/cli/one/run.ts';

export async function renderCommands(): Promise<string> {
  const tools = await Promise.all(Object.values(TOOLS).map((load): Promise<Tool> => load()));
  return [
    '# Commands',
    "OpenNebula's commands, with its options, its columns and its words. A front-end machine has them in the PATH of oneadmin; on the user's machine they are `npx onevm` and the like. How to use them is told in [use a cloud from the shell](../how-to/use-from-the-shell.md).",
    RULES,
    '## Formats of arguments',
    '`a|b` means that an argument is read as either; `[<a>]` may be left out.',
    table(['Format', 'Is'], formatRows(tools)),
    '## Options of every command',
    optionTable(GLOBAL_OPTIONS),
    '## Options of list and top',
    optionTable(LIST_OPTIONS),
    ...tools.map(renderTool),
  ].join('\n\n');
}

const RULES = [
  '- Options may stand anywhere, long ones may be shortened as long as they stay unique, `--name=value` is `--name value`.',
  '- Wherever an id is taken, a name is taken too. Ids come singly, as ranges and in lists: `7`, `1..5`, `1,3,7..9`, `web,db`.',
  '- A template comes from a file, from standard input or from flags. `update` without a file starts `$EDITOR`.',
  '- Exit codes: 0, or 255 for every failure; the reason is on standard error. A list of objects is gone through to its end.',
  '- Environment: `ONE_AUTH` (file with `user:password`), `ONE_XMLRPC` (endpoint), `ONE_XMLRPC_TIMEOUT` (seconds), `ONE_PAGER`, `ONE_LISTCONF`, `EDITOR`, `NO_COLOR`.',
].join('\n');

function renderTool(tool: Tool): string {
  const commands = commandsOf(tool).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const shared = new Set<AnyOption>([...LIST_OPTIONS, ...FORMATS, ...globalOptions(tool)]);
  const own = unique(commands.flatMap(({ options }) => options).filter((option) => !shared.has(option)));
  return [
    `## ${tool.name}`,
    table(
      ['Command', 'Does', 'Options'],
      commands.map((command) => commandRow(command, shared)),
    ),
    ...(own.length === 0 ? [] : [optionTable(own)]),
  ].join('\n\n');
}

/** A tool without commands has what it does itself. */
function commandsOf({ main, commands }: Tool): readonly Command[] {
  return main ? [main] : commands;
}

function commandRow(command: Command, shared: ReadonlySet<AnyOption>): string[] {
  const aliases = (command.aliases ?? []).map((alias) => `, also \`${alias}\``).join('');
  const isList = command.options.includes(LIST_OPTIONS[0] as AnyOption);
  const formats = isList || !command.options.includes(FORMATS[0]) ? [] : FORMATS.map(({ short }) => `\`${short}\``);
  const own = command.options.filter((option) => !shared.has(option)).map(({ long }) => `\`${long}\``);
  const options = [...(isList ? ['[those of lists](#options-of-list-and-top)'] : []), ...formats, ...own];
  return [
    `\`${usage(command)}\`${aliases}`,
    command.help
      .split('\n')
      .map((line) => line.trim())
      .join('<br>'),
    options.join(' '),
  ];
}

function optionTable(options: readonly AnyOption[]): string {
  const rows = options.map(({ short, long, argument, help }) => {
    const spelling = [short, `${long}${argument === undefined ? '' : ` ${argument}`}`].filter(Boolean).join(', ');
    return [`\`${spelling}\``, help];
  });
  return table(['Option', 'Means'], rows);
}

/** Help of a format that says no more than its name. */
const ANY_TEXT = 'String';

function formatRows(tools: readonly Tool[]): string[][] {
  const formats = tools.flatMap((tool) =>
    commandsOf(tool).flatMap(({ args }) => args.flatMap(({ formats }) => formats)),
  );
  const byName = new Map<string, Format<unknown>>(formats.map((format) => [format.name, format]));
  return [...byName.values()]
    .filter(({ help }) => help !== ANY_TEXT)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, help }) => [`\`${name}\``, help.split('\n').join('<br>')]);
}

/** Options of one spelling are one, whatever they are called inside. */
function unique(options: readonly AnyOption[]): AnyOption[] {
  const bySpelling = new Map(options.map((option) => [`${option.short} ${option.long} ${option.help}`, option]));
  return [...bySpelling.values()].toSorted((a, b) => (a.long < b.long ? -1 : 1));
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(titles), `|${titles.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
