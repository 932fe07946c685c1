/**
 * Splits what was typed into options and arguments, by the rules of Ruby's OptionParser, on which OpenNebula's commands
 * stand: options anywhere, long ones shortened to a unique beginning, `--name=value`, `-xvalue`, `-xy` for switches, and
 * `--` before arguments that look like options. `-` and `_` in long options are the same.
 */
import { Refusal } from './refusal.ts';
import type { AnyOption } from './run.ts';

export interface Typed {
  readonly args: readonly string[];
  /** In the order in which they were typed; a later one replaces an earlier one. */
  readonly options: ReadonlyMap<AnyOption, TypedOption>;
}

export interface TypedOption {
  /** How the option was written, as in `-m x` or `--multiple=x`. */
  readonly spelling: string;
  readonly argument: string | undefined;
}

type TypedOptions = Map<AnyOption, TypedOption>;

/** @throws Refusal in OptionParser's words */
export function parseArguments(argv: readonly string[], known: readonly AnyOption[]): Typed {
  const queue = [...argv];
  const args: string[] = [];
  const options: TypedOptions = new Map();
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '--') args.push(...queue.splice(0));
    else if (word.startsWith('--')) takeLong(word, queue, known, options);
    else if (word.startsWith('-') && word !== '-') takeShort(word, queue, known, options);
    else args.push(word);
  }
  return { args, options };
}

/**
 * The first word that is an argument, and the words around it: a command may stand behind global options.
 * Values of the options are told from arguments by `known`.
 */
export function splitCommand(
  argv: readonly string[],
  known: readonly AnyOption[],
): { command?: string; rest: string[] } {
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (!word.startsWith('-')) return { command: word, rest: [...argv.slice(0, i), ...argv.slice(i + 1)] };
    const option = word.startsWith('--')
      ? candidates(word.replace(/=.*$/s, ''), known)[0]
      : known.find(({ short }) => short === word);
    if (option?.argument !== undefined && !word.includes('=')) i++;
  }
  return { rest: [...argv] };
}

function takeLong(word: string, queue: string[], known: readonly AnyOption[], options: TypedOptions) {
  const equals = word.indexOf('=');
  const [name, given] = equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
  const found = candidates(name, known);
  if (found.length > 1) throw new Refusal(`ambiguous option: ${word}`);
  const [option] = found;
  if (!option) throw new Refusal(`invalid option: ${word}`);
  if (option.argument === undefined && given !== undefined) throw new Refusal(`needless argument: ${word}`);
  if (given !== undefined) set(options, option, { spelling: word, argument: given });
  else setNext(options, option, name, queue);
}

function takeShort(word: string, queue: string[], known: readonly AnyOption[], options: TypedOptions) {
  const name = word.slice(0, 2);
  const rest = word.slice(2);
  const option = known.find(({ short }) => short === name);
  if (!option) throw new Refusal(`invalid option: ${name}`);
  if (option.argument !== undefined) {
    if (rest === '') setNext(options, option, name, queue);
    else set(options, option, { spelling: word, argument: rest.replace(/^=/, '') });
    return;
  }
  set(options, option, { spelling: name, argument: undefined });
  if (rest !== '') queue.unshift(`-${rest}`);
}

/** An exact name wins over longer ones that begin with it. */
function candidates(name: string, known: readonly AnyOption[]): AnyOption[] {
  const typed = normalize(name);
  const spellings = known.flatMap((option) =>
    [option.long, ...(option.longAliases ?? [])].map((long) => ({ option, long: normalize(long) })),
  );
  const exact = spellings.filter(({ long }) => long === typed);
  const found = exact.length > 0 ? exact : spellings.filter(({ long }) => long.startsWith(typed));
  return [...new Set(found.map(({ option }) => option))];
}

function normalize(name: string): string {
  return `--${name.slice(2).toLowerCase().replaceAll('_', '-')}`;
}

function nextArgument(option: AnyOption, name: string, queue: string[]): string | undefined {
  if (option.argument === undefined) return undefined;
  const [next] = queue;
  if (option.argumentOptional) return next === undefined || /^-./.test(next) ? undefined : queue.shift();
  if (next === undefined) throw new Refusal(`missing argument: ${name}`);
  return queue.shift();
}

/** The argument stands behind the option, if it has one. */
function setNext(options: TypedOptions, option: AnyOption, name: string, queue: string[]) {
  const argument = nextArgument(option, name, queue);
  set(options, option, { spelling: argument === undefined ? name : `${name} ${argument}`, argument });
}

function set(options: TypedOptions, option: AnyOption, typed: TypedOption) {
  options.delete(option);
  options.set(option, typed);
}
