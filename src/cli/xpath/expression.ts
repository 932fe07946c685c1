/** Values in predicates of XPath, and what can be done with them. */
import type { Node } from '../document.ts';

export interface Tree {
  /** What stands above the root element, so that `/VM` finds it. */
  readonly document: Node;
  readonly parents: ReadonlyMap<Node, Node>;
}

/** An element, and where it stands among those that its step found. */
export interface Place {
  readonly node: Node;
  readonly position: number;
  readonly last: number;
  readonly tree: Tree;
}

export type Value = string | number | boolean | readonly Node[];

export type Expression<T extends Value = Value> = (at: Place) => T;

/** A number is a position; elements hold when there are any, texts when they are not empty. */
export function holds(predicate: Expression, at: Place): boolean {
  const value = predicate(at);
  if (typeof value === 'number') return value === at.position;
  return typeof value === 'object' ? value.length > 0 : Boolean(value);
}

export type Combine = (left: Expression, right: Expression) => Expression;

export const LOGIC: Readonly<Record<'and' | 'or', Readonly<Record<string, Combine>>>> = {
  and: { and: (left, right) => (at) => holds(left, at) && holds(right, at) },
  or: { or: (left, right) => (at) => holds(left, at) || holds(right, at) },
};

export const ARITHMETIC: Readonly<Record<string, Combine>> = {
  '-': (left, right) => (at) => Number(scalars(left(at))[0]) - Number(scalars(right(at))[0]),
};

type Scalar = string | number;

/** Of elements any one may fulfil a comparison. Numbers are compared where one is a number or an order is asked for. */
function comparison(isOrder: boolean, compare: (a: Scalar, b: Scalar) => boolean): Combine {
  return (left, right) => (at) =>
    scalars(left(at)).some((a) =>
      scalars(right(at)).some((b) => {
        const asNumbers = isOrder || typeof a === 'number' || typeof b === 'number';
        return asNumbers ? compare(Number(a), Number(b)) : compare(a, b);
      }),
    );
}

function scalars(value: Value): Scalar[] {
  if (typeof value === 'object') return value.map(({ text }) => text);
  return [typeof value === 'boolean' ? String(value) : value];
}

export const COMPARISONS: Readonly<Record<string, Combine>> = {
  '=': comparison(false, (a, b) => a === b),
  '!=': comparison(false, (a, b) => a !== b),
  '<': comparison(true, (a, b) => a < b),
  '<=': comparison(true, (a, b) => a <= b),
  '>': comparison(true, (a, b) => a > b),
  '>=': comparison(true, (a, b) => a >= b),
};
