/** Help as OpenNebula's commands lay it out (src/cli/command_parser.rb, 7.4). */
import type { Argument, Command, Tool } from './command.ts';
import { GLOBAL_OPTIONS } from './options/global.ts';
import type { AnyOption } from './run.ts';

/** Release whose commands these are; scripts read it. */
export const OPENNEBULA_VERSION = '7.4.0';

export const VERSION_TEXT = `OpenNebula ${OPENNEBULA_VERSION}\nCommands of ONEDock, compatible with this release of OpenNebula`;

export function globalOptions(tool: Tool): readonly AnyOption[] {
  return tool.globalOptions ?? GLOBAL_OPTIONS;
}

/** All commands of a tool. */
export function toolHelp(tool: Tool): string {
  const commands = tool.commands.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const options = [...commands.flatMap((c) => c.options), ...(tool.main?.options ?? []), ...globalOptions(tool)];
  return [
    '## SYNOPSIS',
    '',
    `\`${tool.name}\`${tool.main ? '' : ' <command> [<args>]'} [<options>]`,
    '',
    '',
    '## OPTIONS',
    ...[...new Map(options.map((o) => [o.name, o])).values()]
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(optionHelp),
    '',
    ...(tool.main ? [] : commandSections(commands)),
    '## VERSION',
    VERSION_TEXT,
  ].join('\n');
}

function commandSections(commands: readonly Command[]): string[] {
  const formats = new Map(
    commands.flatMap(({ args }) =>
      args.flatMap(({ formats }) => formats.map(({ name, help }) => [name, help] as const)),
    ),
  );
  return [
    '## COMMANDS',
    ...commands.flatMap((c) => [`   * ${usage(c)}`, ...describe(c)]),
    '',
    '## ARGUMENT FORMATS',
    ...[...formats].toSorted().flatMap(([name, help]) => [`   * ${name}`, ...indent(help), '']),
    '',
  ];
}

/** One command of a tool. */
export function commandHelp(tool: Tool, command: Command): string {
  return [
    '## USAGE',
    usage(command),
    ...describe(command),
    '## OPTIONS',
    ...command.options.map(optionHelp),
    ...globalOptions(tool).map(optionHelp),
  ].join('\n');
}

/** `deploy <range|vmid_list> <hostid> [<datastoreid>]` */
export function usage({ name, args }: Command): string {
  return [name, ...args.map((arg) => (arg.isOptional ? `[<${alternatives(arg)}>]` : `<${alternatives(arg)}>`))].join(
    ' ',
  );
}

/** The same as an error about the number of arguments shows it. */
export function argumentList(args: readonly Argument<unknown>[]): string {
  return args.map((arg) => (arg.isOptional ? `[${alternatives(arg)}]` : `<${alternatives(arg)}>`)).join(' ');
}

function alternatives({ formats }: Argument<unknown>): string {
  return formats.map(({ name }) => name).join('|');
}

function describe({ help, options }: Command): string[] {
  const valid = options.length > 0 ? [`        valid options: ${options.map(({ name }) => name).join(', ')}`] : [];
  return [...indent(help), ...valid, ''];
}

function indent(text: string): string[] {
  return text.split('\n').map((line) => `        ${line}`);
}

const HELP_COLUMN = 31;
const LINE_WIDTH = 80;

function optionHelp({ short, long, argument, help }: AnyOption): string {
  const spelling = `${short ? `${short}, ` : ''}${long}${argument === undefined ? '' : ` ${argument}`}`;
  const head = `     ${spelling.padEnd(HELP_COLUMN - 6)}`;
  const lines = wrap(help, LINE_WIDTH - 32, LINE_WIDTH - head.length);
  return `${head} ${lines.join(`\n${' '.repeat(HELP_COLUMN)}`)}`;
}

function wrap(text: string, width: number, firstWidth: number): string[] {
  const lines: string[] = [];
  let line = '';
  let room = firstWidth;
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
      room = width;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
