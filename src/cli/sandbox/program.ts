/** The command line, parsed by commander as the table of verbs says. */
import { Argument, CommanderError, InvalidArgumentError, Command as Parser, Option as ParserOption } from 'commander';
import { type AnyCommand, COMMON_OPTIONS, type Options } from './command.ts';
import { fail } from './errors.ts';
import { helpAfter } from './help.ts';
import { argumentSpelling, optionSpelling } from './spelling.ts';

/** What the user asked for: a verb with its words, or a text to print. */
export type Request =
  | {
      readonly command: AnyCommand;
      readonly arguments: Readonly<Record<string, string | readonly string[] | undefined>>;
      readonly options: Readonly<Record<string, boolean | number | string | undefined>>;
    }
  | { readonly text: string };

export interface ProgramOptions {
  /** How the user calls us, as `npm run sandbox --`. */
  readonly calledAs: string;
  readonly version: string;
  /** The verb that is meant when none is named. */
  readonly defaultCommand: string;
}

/** @throws USAGE */
export function parseCommandLine(
  argv: readonly string[],
  commands: readonly AnyCommand[],
  options: ProgramOptions,
): Request {
  let request: Request | undefined;
  let printed = '';
  const configure: Configure = (parser) =>
    parser.exitOverride().configureOutput({
      writeOut: (text) => {
        printed += text;
      },
      writeErr: () => {},
    });
  const root = configure(new Parser('onedock'))
    .usage('[verb] [options]')
    .description('A self-contained OpenNebula cloud with Docker hosts, on this machine.')
    .version(options.version, '-V, --version')
    .enablePositionalOptions();
  for (const command of commands) {
    const [verb = '', sub] = command.name.split(' ');
    const parent = sub === undefined ? root : groupOf(root, verb, configure);
    const parser = configure(addVerb(parent, sub ?? verb, command, options.calledAs));
    parser.action((...words: unknown[]) => {
      const names = Object.keys(command.arguments);
      request = {
        command,
        arguments: Object.fromEntries(names.map((name, i) => [name, withoutSeparator(words[i])])),
        options: withFlags(command, parser.opts()),
      };
    });
  }
  root.addHelpText('after', helpAfter(options.calledAs));
  parse(root, withDefault(argv, options.defaultCommand), options.calledAs);
  return request ?? { text: printed };
}

/** Has a parser throw instead of ending the process, and print to us. */
type Configure = (parser: Parser) => Parser;

function addVerb(parent: Parser, name: string, command: AnyCommand, calledAs: string): Parser {
  const parser = parent.command(name).summary(command.summary);
  parser.description([command.summary, command.description].filter(Boolean).join('\n\n'));
  for (const [argument, each] of Object.entries(command.arguments)) {
    parser.addArgument(new Argument(argumentSpelling(argument, each), each.summary));
  }
  if (Object.values(command.arguments).some(({ rest }) => rest)) parser.passThroughOptions();
  addOptions(parser, { ...command.options, ...COMMON_OPTIONS });
  const examples = command.examples.map(({ line, what }) => `  ${calledAs} ${line}\n      ${what}`);
  if (examples.length > 0) parser.addHelpText('after', `\nExamples:\n${examples.join('\n')}`);
  return parser;
}

function groupOf(parent: Parser, verb: string, configure: Configure): Parser {
  const found = parent.commands.find((each) => each.name() === verb);
  if (found) return found;
  const summary = GROUPS[verb] ?? '';
  return configure(parent.command(verb).summary(summary).description(summary));
}

/** @throws USAGE */
function parse(parser: Parser, words: readonly string[], calledAs: string): void {
  try {
    parser.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    const [verb = ''] = words;
    const isGroup = error.code === 'commander.help';
    const problem = isGroup ? `\`${verb}\` needs a verb of its own.` : sentence(error.message);
    const known = parser.commands.some((each) => each.name() === verb);
    throw fail('USAGE', { problem, command: `${calledAs}${known ? ` ${verb}` : ''}` });
  }
}

/** As commander says it, `error: unknown command 'upp'\n(Did you mean up?)`, in whole sentences. */
function sentence(message: string): string {
  const [problem = '', hint = ''] = message.replace(/^error: /, '').split(/\n\(|\)$/);
  const said = `${problem.charAt(0).toUpperCase()}${problem.slice(1).replace(/\.$/, '')}.`;
  return hint === '' ? said : `${said} ${hint}`;
}

/** Words that are passed through keep the `--` that the user wrote before them. */
function withoutSeparator(words: unknown): string | readonly string[] | undefined {
  return Array.isArray(words) && words[0] === '--' ? words.slice(1) : (words as string | readonly string[] | undefined);
}

const GROUPS: Readonly<Record<string, string>> = {
  host: 'Hosts of a sandbox that runs, and machines that become hosts of an OpenNebula that is there',
  image: 'Images of a running sandbox',
};

function addOptions(parser: Parser, options: Options): void {
  for (const [name, each] of Object.entries(options)) {
    const { kind, summary, most } = each;
    const option = new ParserOption(optionSpelling(name, each), summary);
    if (kind === 'count') option.argParser((text: string) => parseCount(text, most));
    parser.addOption(option);
  }
}

function parseCount(text: string, most = Number.MAX_SAFE_INTEGER): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= most) return number;
  throw new InvalidArgumentError(`It must be a whole number${most < Number.MAX_SAFE_INTEGER ? ` up to ${most}` : ''}.`);
}

/** Options come first as often as the verb does: `--json`, `--hosts 3`. */
function withDefault(argv: readonly string[], verb: string): string[] {
  const [first = ''] = argv;
  const asksForText = ['-h', '--help', '-V', '--version'].includes(first);
  return asksForText || (first !== '' && !first.startsWith('-')) ? [...argv] : [verb, ...argv];
}

/** A flag that is not given is false. */
function withFlags(command: AnyCommand, given: Readonly<Record<string, boolean | number | string>>) {
  const options: Options = { ...command.options, ...COMMON_OPTIONS };
  return Object.fromEntries(
    Object.entries(options).map(([name, { kind }]) => [name, given[name] ?? (kind === 'flag' ? false : undefined)]),
  );
}
