/**
 * The part of XPath that OpenNebula's driver scripts and the scripts of its users ask for: absolute and relative paths,
 * `//`, `*`, `.`, `..`, and predicates with positions, `last()`, comparisons of paths, texts and numbers, `not()`, `and`
 * and `or`. As in `/VM/TEMPLATE/DISK[DISK_ID=0]/SOURCE` and `/VM/HISTORY_RECORDS/HISTORY[last()-1]/DS_ID`.
 */
import { Node } from '../document.ts';

export class XPathSyntaxError extends Error {
  override name = 'XPathSyntaxError';
}

/**
 * Elements of a document at a path.
 * @throws XPathSyntaxError
 */
export function selectAll(root: Node, xpath: string): Node[] {
  const document = new Node('');
  document.children.push(root);
  const reader = new Reader(xpath);
  const select = reader.path();
  reader.end();
  return select({ node: document, position: 1, last: 1, tree: { document, parents: parentsBelow(document) } });
}

interface Tree {
  /** What stands above the root element, so that `/VM` finds it. */
  readonly document: Node;
  readonly parents: ReadonlyMap<Node, Node>;
}

/** An element, and where it stands among those that its step found. */
interface Place {
  readonly node: Node;
  readonly position: number;
  readonly last: number;
  readonly tree: Tree;
}

type Value = string | number | boolean | readonly Node[];

type Expression<T extends Value = Value> = (at: Place) => T;

function parentsBelow(parent: Node, parents = new Map<Node, Node>()): ReadonlyMap<Node, Node> {
  for (const child of parent.children) {
    parents.set(child, parent);
    parentsBelow(child, parents);
  }
  return parents;
}

const TOKEN = /\/\/|\/|\[|\]|\(|\)|\.\.|\.|\*|<=|>=|!=|=|<|>|-|"[^"]*"|'[^']*'|\d+(?:\.\d+)?|[A-Za-z_][\w.-]*|\S/g;

/** Reads a path into functions that evaluate it. */
class Reader {
  readonly #source: string;
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = source.match(TOKEN) ?? [];
  }

  path(): Expression<Node[]> {
    const isAbsolute = this.#isAtSlash();
    const steps = isAbsolute ? [] : [this.#step(false)];
    while (this.#isAtSlash()) steps.push(this.#step(this.#take() === '//'));
    return ({ node, tree }) =>
      steps.reduce(
        (found, step) => [...new Set(found.flatMap((from) => step(from, tree)))],
        [isAbsolute ? tree.document : node],
      );
  }

  end(): void {
    if (this.#peek() !== undefined) throw this.#error();
  }

  #isAtSlash(): boolean {
    return this.#peek() === '/' || this.#peek() === '//';
  }

  #step(isAnyDepth: boolean): (from: Node, tree: Tree) => Node[] {
    const test = this.#take();
    if (test === undefined || !/^([A-Za-z_]|\*|\.)/.test(test)) throw this.#error();
    const predicates: Expression[] = [];
    while (this.#accept('[')) {
      predicates.push(this.#or());
      this.#expect(']');
    }
    return (from, tree) =>
      (isAnyDepth ? [from, ...descendants(from)] : [from]).flatMap((start) =>
        predicates.reduce<readonly Node[]>(
          (nodes, predicate) =>
            nodes.filter((node, i) => holds(predicate, { node, tree, position: i + 1, last: nodes.length })),
          oneStep(test, start, tree),
        ),
      );
  }

  #or(): Expression {
    return this.#binary(LOGIC.or, () => this.#binary(LOGIC.and, () => this.#comparison()));
  }

  #comparison(): Expression {
    return this.#binary(COMPARISONS, () => this.#binary(ARITHMETIC, () => this.#operand()));
  }

  #binary(operators: Readonly<Record<string, Combine>>, operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const combine = operators[this.#peek() ?? ''];
      if (!combine) return left;
      this.#next++;
      left = combine(left, operand());
    }
  }

  #operand(): Expression {
    const token = this.#peek() ?? '';
    const isCall = /^[a-z]/.test(token) && this.#tokens[this.#next + 1] === '(';
    if (isCall) return this.#call();
    if (!/^["'\d]/.test(token)) return this.path();
    this.#next++;
    const value = /^\d/.test(token) ? Number(token) : token.slice(1, -1);
    return () => value;
  }

  #call(): Expression {
    const name = this.#take();
    this.#expect('(');
    const argument = name === 'not' ? this.#or() : undefined;
    this.#expect(')');
    if (argument) return (at) => !holds(argument, at);
    if (name === 'last' || name === 'position') return (at) => at[name];
    throw this.#error();
  }

  #peek(): string | undefined {
    return this.#tokens[this.#next];
  }

  #take(): string | undefined {
    return this.#tokens[this.#next++];
  }

  #accept(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#next++;
    return true;
  }

  #expect(token: string): void {
    if (!this.#accept(token)) throw this.#error();
  }

  #error(): XPathSyntaxError {
    return new XPathSyntaxError(`'${this.#source}' is not a path that can be read.`);
  }
}

function oneStep(test: string, from: Node, { parents }: Tree): readonly Node[] {
  if (test === '.') return [from];
  if (test === '..') return [parents.get(from) ?? []].flat();
  return from.children.filter(({ name }) => test === '*' || name === test);
}

function descendants(node: Node): Node[] {
  return node.children.flatMap((child) => [child, ...descendants(child)]);
}

/** A number is a position; elements hold when there are any, texts when they are not empty. */
function holds(predicate: Expression, at: Place): boolean {
  const value = predicate(at);
  if (typeof value === 'number') return value === at.position;
  return typeof value === 'object' ? value.length > 0 : Boolean(value);
}

type Combine = (left: Expression, right: Expression) => Expression;

const LOGIC: Readonly<Record<'and' | 'or', Readonly<Record<string, Combine>>>> = {
  and: { and: (left, right) => (at) => holds(left, at) && holds(right, at) },
  or: { or: (left, right) => (at) => holds(left, at) || holds(right, at) },
};

const ARITHMETIC: Readonly<Record<string, Combine>> = {
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

const COMPARISONS: Readonly<Record<string, Combine>> = {
  '=': comparison(false, (a, b) => a === b),
  '!=': comparison(false, (a, b) => a !== b),
  '<': comparison(true, (a, b) => a < b),
  '<=': comparison(true, (a, b) => a <= b),
  '>': comparison(true, (a, b) => a > b),
  '>=': comparison(true, (a, b) => a >= b),
};
