/**
 * What the conformance test calls through pyone, as data: each step is a call with what must come of it. The page of the
 * API's coverage (docs/reference/api.md) is made from the same steps.
 *
 * Names in braces stand for ids: `as` of an earlier step of the chapter gives one a name, `{node}` in a parameter is that
 * id, as a number where the parameter is nothing else.
 */

/** A parameter behind the session; pyone makes templates of objects. */
export type Param = string | number | boolean | readonly number[] | { readonly [name: string]: string | object };

/** Classes that pyone raises, by the code of the answer; OneException for a fault and for codes it does not know. */
export type Exception =
  | 'OneAuthenticationException'
  | 'OneAuthorizationException'
  | 'OneNoExistsException'
  | 'OneActionException'
  | 'OneApiException'
  | 'OneInternalException'
  | 'OneException';

interface Called {
  /** Behind `one.`, as pyone has it: `host.info`. */
  readonly method: string;
  readonly params: readonly Param[];
  /** `user:password`; oneadmin unless given. */
  readonly user?: string;
}

/** The call succeeds. */
export interface Works extends Called {
  readonly kind: 'works';
  /** Parts of the value or of the document, as the bindings hold it. */
  readonly gives?: unknown;
  /** The name of the id that is answered. */
  readonly as?: string;
  /** Below which elements the bindings have no place for all that comes, as with a real OpenNebula: pyone's schema is behind. */
  readonly unbound?: readonly string[];
}

/** The call is made until it gives this: what it waits for goes on in the background. */
export interface Until extends Called {
  readonly kind: 'until';
  readonly gives: object;
}

/** OpenNebula refuses the call, and so does the front-end. */
export interface Fails extends Called {
  readonly kind: 'fails';
  readonly exception: Exception;
  /** Behind `[one.<method>] `. */
  readonly message?: string;
}

/** OpenNebula could, but the front-end refuses. */
export interface Lacks extends Called {
  readonly kind: 'lacks';
  readonly exception: Exception;
  readonly message: string;
}

export type Step = Works | Until | Fails | Lacks;

export interface Chapter {
  readonly title: string;
  readonly steps: readonly Step[];
}

type Options<T> = Omit<T, 'kind' | 'method' | 'params'>;

export function works(method: string, params: readonly Param[], options: Options<Works> = {}): Works {
  return { kind: 'works', method, params, ...options };
}

export function until(method: string, params: readonly Param[], gives: object): Until {
  return { kind: 'until', method, params, gives };
}

export function fails(
  method: string,
  params: readonly Param[],
  exception: Exception,
  message?: string,
  options: Pick<Fails, 'user'> = {},
): Fails {
  return { kind: 'fails', method, params, exception, ...(message === undefined ? {} : { message }), ...options };
}

export function lacks(method: string, params: readonly Param[], exception: Exception, message: string): Lacks {
  return { kind: 'lacks', method, params, exception, message };
}

/** An id that nothing has. */
export const NOBODY = 9999;

/** The object that a call is about does not exist. */
export function missing(method: string, title: string, ...rest: readonly Param[]): Fails {
  return fails(method, [NOBODY, ...rest], 'OneNoExistsException', `Error getting ${title} [${NOBODY}].`);
}
