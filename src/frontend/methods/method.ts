/** How a method of the API is described: its name, the types of its parameters, and what it does. */
import type { EscapedText } from '../../opennebula/xmlrpc.ts';
import type { Call } from './call.ts';

export type ParamType = 'int' | 'string' | 'boolean' | 'ints';

/** A parameter; one with a fallback may be left out. */
export interface Param<Value = unknown> {
  readonly type: ParamType;
  readonly fallback?: Value;
  /** Not shown in the log. */
  readonly isSecret?: true;
}

export const int: Param<number> = { type: 'int' };
export const string: Param<string> = { type: 'string' };
export const secret: Param<string> = { type: 'string', isSecret: true };
export const boolean: Param<boolean> = { type: 'boolean' };
export const ints: Param<readonly number[]> = { type: 'ints' };

export function optional<Value>(param: Param<Value>, fallback: Value): Param<Value> {
  return { ...param, fallback };
}

export type Params = Readonly<Record<string, Param>>;

export type ArgumentsOf<P extends Params> = { readonly [Name in keyof P]: P[Name] extends Param<infer V> ? V : never };

/** A document or another text, an id, or a yes or no. */
export type Result = string | number | boolean | EscapedText;

export interface Method {
  /** As in `one.vm.info`. */
  readonly name: string;
  /** In the order in which they are passed, behind the session. */
  readonly params: Params;
  /** One line for the reference page and `system.methodHelp`. */
  readonly help: string;
  /** @throws ApiError for everything that the caller is to know */
  run(call: Call, args: Readonly<Record<string, unknown>>): Result | Promise<Result>;
}

export function defineMethod<const P extends Params>(definition: {
  readonly name: string;
  readonly params: P;
  readonly help: string;
  run(call: Call, args: ArgumentsOf<P>): Result | Promise<Result>;
}): Method {
  return definition;
}
