/**
 * A verb of `onedock` as data: what it is for, what it takes, examples, and what it does. The parser, the help and
 * docs/reference/cli.md are made from it.
 */
import type { Console } from './console.ts';
import type { ExitCode } from './exit-codes.ts';

/** `flag` is there or not, `count` is a whole number, `text` any word. */
export interface Option {
  readonly kind: 'flag' | 'text' | 'count';
  readonly summary: string;
  /** What stands for the value in help, as `N`. */
  readonly value?: string;
  /** One letter. */
  readonly short?: string;
  /** Largest value of a count. */
  readonly most?: number;
}

export interface Argument {
  readonly summary: string;
  readonly required: boolean;
  /** Takes all words that follow, options among them. */
  readonly rest?: boolean;
  /** Takes several words, and options may stand between them. */
  readonly several?: boolean;
}

export interface Example {
  readonly line: string;
  readonly what: string;
}

export type Options = Readonly<Record<string, Option>>;
export type Arguments = Readonly<Record<string, Argument>>;

type OptionValue<O extends Option> = O['kind'] extends 'flag'
  ? boolean
  : (O['kind'] extends 'count' ? number : string) | undefined;
export type OptionValues<Os extends Options> = { readonly [Name in keyof Os]: OptionValue<Os[Name]> };

type ArgumentValue<A extends Argument> = A extends { readonly rest: true } | { readonly several: true }
  ? readonly string[]
  : A['required'] extends true
    ? string
    : string | undefined;
export type ArgumentValues<As extends Arguments> = { readonly [Name in keyof As]: ArgumentValue<As[Name]> };

/** Options that every verb takes. */
export const COMMON_OPTIONS = {
  name: {
    kind: 'text',
    value: 'NAME',
    short: 'n',
    summary: 'Sandbox to work on; `sandbox` unless sandbox.yaml or ONEDOCK_NAME names another.',
  },
  config: { kind: 'text', value: 'FILE', short: 'c', summary: 'Configuration instead of the nearest sandbox.yaml.' },
  provider: {
    kind: 'text',
    value: 'KIND',
    summary: 'Where machines come from, instead of what sandbox.yaml says: `lxc`, `vagrant` or `ssh`.',
  },
  json: { kind: 'flag', summary: 'Print one JSON document on stdout, and progress as JSON lines on stderr.' },
  quiet: { kind: 'flag', short: 'q', summary: 'No progress; errors only.' },
  verbose: { kind: 'flag', short: 'v', summary: 'Show what steps print, and where errors come from.' },
  trace: {
    kind: 'text',
    value: 'FILE',
    summary: 'Write how long each step and each command takes, in Chrome’s trace format (ui.perfetto.dev shows it).',
  },
} as const satisfies Options;

export interface Call<As extends Arguments = Arguments, Os extends Options = Options> {
  readonly arguments: ArgumentValues<As>;
  readonly options: OptionValues<Os & typeof COMMON_OPTIONS>;
  readonly console: Console;
}

export interface Command<As extends Arguments = Arguments, Os extends Options = Options> {
  /** As typed: `up`, `host add`. */
  readonly name: string;
  readonly summary: string;
  /** More for the help and the reference. */
  readonly description?: string;
  readonly arguments: As;
  readonly options: Os;
  readonly examples: readonly Example[];
  /** Machines and networks are root's. */
  readonly needsRoot: boolean | ((options: OptionValues<Os & typeof COMMON_OPTIONS>) => boolean);
  run(call: Call<As, Os>): Promise<ExitCode | number | void>;
}

export type AnyCommand = Omit<Command, 'run' | 'needsRoot'> & {
  readonly needsRoot: boolean | ((options: never) => boolean);
  run(call: Call<never, never>): Promise<number | void>;
};

/** Gives a verb the types of what it declares. */
export function defineCommand<const As extends Arguments, const Os extends Options>(
  command: Command<As, Os>,
): Command<As, Os> {
  return command;
}
