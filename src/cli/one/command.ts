/**
 * Commands as data: what they are called, take and do. Help, the check of arguments, the reference page and shell
 * completion are made from it.
 */
import type { AnyOption, Run } from './run.ts';

/** How one argument is read. Several formats may be allowed for an argument; the first that takes it counts. */
export interface Format<Value> {
  /** As usage lines show it, as in `vmid_list`. */
  readonly name: string;
  readonly help: string;
  /**
   * `previous` are the values of the arguments before it.
   * @returns undefined when the text is not of this format
   * @throws Refusal when it is, but names nothing
   */
  readonly read: (
    text: string,
    run: Run,
    previous: readonly unknown[],
  ) => Value | undefined | Promise<Value | undefined>;
}

export interface Argument<Value> {
  readonly formats: readonly Format<Value>[];
  readonly isOptional: boolean;
}

type ValuesOf<Args> = { [Index in keyof Args]: Args[Index] extends Argument<infer Value> ? Value : never };

export interface Command {
  /** One word, or two as in `vm import`. */
  readonly name: string;
  /** Other names, accepted but not listed. */
  readonly aliases?: readonly string[];
  /** What it does; the first line is its summary. */
  readonly help: string;
  readonly args: readonly Argument<unknown>[];
  readonly options: readonly AnyOption[];
  /** @returns the exit code, 0 when nothing is returned */
  readonly run: (run: Run, args: readonly unknown[]) => Promise<number | void>;
}

export interface Tool {
  /** As in `onevm`. */
  readonly name: string;
  readonly commands: readonly Command[];
  /** What a tool without commands does, as oneacct. */
  readonly main?: Command;
  /** Options of every command; those of `GLOBAL_OPTIONS` unless a tool has fewer. */
  readonly globalOptions?: readonly AnyOption[];
}

interface Definition<Args extends readonly Argument<unknown>[]> {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly help: string;
  readonly args?: Args;
  readonly options?: readonly AnyOption[];
  readonly run: (run: Run, ...args: ValuesOf<Args>) => Promise<number | void>;
}

/** A command whose `run` gets its arguments by their types. */
export function command<const Args extends readonly Argument<unknown>[] = []>(definition: Definition<Args>): Command {
  const { run, args, options = [], ...rest } = definition;
  return {
    ...rest,
    args: args ?? [],
    options: options.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    run: (context, values) => run(context, ...(values as unknown as ValuesOf<Args>)),
  };
}

export function required<Value>(...formats: readonly Format<Value>[]): Argument<Value> {
  return { formats, isOptional: false };
}

export function optional<Value>(...formats: readonly Format<Value>[]): Argument<Value | undefined> {
  return { formats, isOptional: true };
}
