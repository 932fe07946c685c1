/**
 * The part of XPath that OpenNebula's driver scripts and the scripts of its users ask for: absolute and relative paths,
 * `//`, `*`, `.`, `..`, and predicates with positions, `last()`, comparisons of paths, texts and numbers, `not()`, `and`
 * and `or`. As in `/VM/TEMPLATE/DISK[DISK_ID=0]/SOURCE` and `/VM/HISTORY_RECORDS/HISTORY[last()-1]/DS_ID`.
 */
import { Node } from '../document.ts';
import { ARITHMETIC, COMPARISONS, type Combine, type Expression, holds, LOGIC, type Tree } from './expression.ts';

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
