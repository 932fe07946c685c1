/** The kinds of options, by how what was typed is read. */
import { InvalidArgument, Refusal } from './refusal.ts';
import type { Option, Run } from './run.ts';

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
