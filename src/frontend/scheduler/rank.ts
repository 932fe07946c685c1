/**
 * Ranks of hosts, datastores and networks: the highest wins (src/parsers/expr_arith.y, 7.4). A missing attribute counts
 * 0, so does an empty expression; sums are floats, the result is cut to a whole number.
 */
import { type Attributes, floatPrefix } from './requirement.ts';
import { ExpressionError, TokenStream } from './tokens.ts';

export type Rank = (attributes: Attributes) => number;

/** @throws ExpressionError */
export function parseRank(source: string): Rank {
  const known = parsed.get(source);
  if (known) return known;
  const tokens = new TokenStream(source);
  const value = tokens.next.kind === '$end' ? () => 0 : parseSum(tokens);
  tokens.expect('$end');
  const rank: Rank = (attributes) => {
    const result = Math.trunc(value(attributes));
    return Number.isFinite(result) ? result : 0;
  };
  if (parsed.size >= MOST_KEPT) parsed.clear();
  parsed.set(source, rank);
  return rank;
}

const parsed = new Map<string, Rank>();
const MOST_KEPT = 1000;

/** A rank that cannot be read counts 0 everywhere, as with OpenNebula. */
export function rankOrNone(source: string): Rank {
  try {
    return parseRank(source);
  } catch (error) {
    if (error instanceof ExpressionError) return () => 0;
    throw error;
  }
}

function parseSum(tokens: TokenStream): Rank {
  let left = parseProduct(tokens);
  for (;;) {
    if (tokens.takeIf('+')) left = combine(left, parseProduct(tokens), (a, b) => a + b);
    else if (tokens.takeIf('-')) left = combine(left, parseProduct(tokens), (a, b) => a - b);
    else return left;
  }
}

function parseProduct(tokens: TokenStream): Rank {
  let left = parseOperand(tokens);
  for (;;) {
    if (tokens.takeIf('*')) left = combine(left, parseOperand(tokens), (a, b) => a * b);
    else if (tokens.takeIf('/')) left = combine(left, parseOperand(tokens), (a, b) => a / b);
    else return left;
  }
}

function parseOperand(tokens: TokenStream): Rank {
  if (tokens.takeIf('-')) {
    const operand = parseOperand(tokens);
    return (attributes) => -operand(attributes);
  }
  if (tokens.takeIf('(')) {
    const inner = parseSum(tokens);
    tokens.expect(')');
    return inner;
  }
  const { kind, text } = tokens.expect('STRING', 'INTEGER', 'FLOAT');
  if (kind !== 'STRING') return () => Number(text);
  return (attributes) => floatPrefix(attributes.values(text)[0] ?? '') ?? 0;
}

function combine(left: Rank, right: Rank, operate: (a: number, b: number) => number): Rank {
  return (attributes) => Math.fround(operate(left(attributes), right(attributes)));
}
