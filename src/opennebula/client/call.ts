/**
 * How one API call is described: the types of its parameters and what becomes of its result. The tables in `calls/` are
 * made of these; `client.ts` turns each entry into a typed method.
 */

import { parseXml, type XmlElement } from '../xml.ts';
import { type Pool, poolOf } from './document.ts';

/** A parameter as XML-RPC types it; one with a fallback may be left out. */
export interface Param<Value extends ParamValue = ParamValue, Optional extends boolean = boolean> {
  readonly type: 'string' | 'int' | 'boolean' | 'ints';
  readonly optional: Optional;
  /** Sent in the place of a parameter that is left out. */
  readonly fallback?: Value;
}

export type ParamValue = string | number | boolean | readonly number[];

/** What stands behind `true` in a result: an id, a text or a document. */
export type Payload = string | number | boolean;

export interface Call<Params extends readonly Param[] = readonly Param[], Result = unknown> {
  readonly params: Params;
  readonly decode: (payload: Payload) => Result;
}

/** The arguments of the method made of a call; optional ones may be missing. */
export type ArgumentsOf<Params> = Params extends readonly [infer Head, ...infer Tail]
  ? Head extends Param<infer Value, infer Optional>
    ? Optional extends true
      ? [argument?: Value, ...rest: ArgumentsOf<Tail>]
      : [argument: Value, ...rest: ArgumentsOf<Tail>]
    : never
  : [];

export type ResultOf<C> = C extends Call<readonly Param[], infer Result> ? Result : never;

export const string: Param<string, false> = { type: 'string', optional: false };
export const int: Param<number, false> = { type: 'int', optional: false };
export const boolean: Param<boolean, false> = { type: 'boolean', optional: false };
export const ints: Param<readonly number[], false> = { type: 'ints', optional: false };

/** The same parameter, which may be left out; `fallback` is sent then. */
export function optional<Value extends ParamValue>(param: Param<Value, false>, fallback: Value): Param<Value, true> {
  return { type: param.type, optional: true, fallback };
}

export function call<const Params extends readonly Param[], Result>(
  params: Params,
  decode: (payload: Payload) => Result,
): Call<Params, Result> {
  return { params, decode };
}

/** The call answers the id of the object it acted on. */
export const id = (payload: Payload): number => Number(payload);

/** The call answers a text. */
export const text = (payload: Payload): string => String(payload);

/** The call answers a document that is read as it is. */
export const element = (payload: Payload): XmlElement => parseXml(String(payload));

type View<T> = new (element: XmlElement) => T;

/** The call answers one object's document, shown through a view. */
export const documentOf =
  <T>(view: View<T>) =>
  (payload: Payload): T =>
    new view(element(payload));

/** The call answers the documents of a pool, each shown through a view. */
export const pool =
  <T>(view: View<T>) =>
  (payload: Payload): Pool<T> =>
    poolOf(element(payload), view);
