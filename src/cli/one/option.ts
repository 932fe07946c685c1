/**
 * Options of commands, as data. The value of one is asked for by the option itself, `run.get(HARD)`, so it has a type.
 */
import { InvalidArgument, Refusal } from './refusal.ts';
import type { Run } from './run.ts';

export interface Option<Value = unknown> {
  /** As the help lists it among the valid options of a command. */
  readonly name: string;
  /** With its dash, as in `-d`. */
  readonly short?: string;
  /** With its dashes, as in `--datastore`. */
  readonly long: string;
  /** Further long forms, accepted but not shown. */
  readonly longAliases?: readonly string[];
  /** What the help calls the argument; without it the option is a switch. */
  readonly argument?: string;
  /** The argument may be left out. */
  readonly argumentOptional?: boolean;
  readonly help: string;
  /**
   * Turns what was typed into the value.
   * @throws Refusal, or InvalidArgument
   */
  readonly read: (text: string | undefined, run: Run) => Value | Promise<Value>;
}

export type AnyOption = Option<unknown>;

type Spelling = Pick<Option, 'name' | 'short' | 'long' | 'help'> & { readonly longAliases?: readonly string[] };
type WithArgument = Spelling & { readonly argument: string };

/** A switch. */
export function flag(spelling: Spelling): Option<boolean> {
  return { ...spelling, read: () => true };
}

export function text(spelling: WithArgument): Option<string> {
  return { ...spelling, read: (typed) => typed ?? '' };
}

/** The argument may be missing, which is told apart from an empty one. */
export function optionalText(spelling: WithArgument): Option<string | true> {
  return { ...spelling, argumentOptional: true, read: (typed) => typed ?? true };
}

export function integer(spelling: WithArgument): Option<number> {
  return number(spelling, /^[-+]?\d+$/);
}

export function decimal(spelling: WithArgument): Option<number> {
  return number(spelling, /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i);
}

function number(spelling: WithArgument, pattern: RegExp): Option<number> {
  return {
    ...spelling,
    read: (typed = '') => {
      if (!pattern.test(typed)) throw new InvalidArgument();
      return Number(typed);
    },
  };
}

/** `a,b,c` */
export function list(spelling: WithArgument): Option<string[]> {
  return { ...spelling, read: (typed = '') => typed.split(',') };
}

/** An option whose text is turned into something by a function of its own; what that refuses names the option. */
export function converted<Value>(
  spelling: WithArgument,
  convert: (typed: string, run: Run) => Value | Promise<Value>,
): Option<Value> {
  return {
    ...spelling,
    read: async (typed, run) => {
      try {
        return await convert(typed ?? '', run);
      } catch (error) {
        if (error instanceof Refusal) throw new Refusal(`${error.message}\noption ${spelling.name}: Parsing error`);
        throw error;
      }
    },
  };
}
