/**
 * Requirements of VMs on hosts, datastores and networks (src/parsers/expr_bool.y, 7.4). `&`, `|` and `!` have one
 * precedence and group to the left; comparison with text is a shell pattern; an attribute that is missing makes every
 * comparison false, `!=` too. An empty expression is true.
 */
import { type Token, TokenStream } from './tokens.ts';

/** Where attributes are looked up. */
export interface Attributes {
  /** All values of a name, in document order; the first counts unless `@>` is asked. */
  values(name: string): readonly string[];
}

export type Requirement = (attributes: Attributes) => boolean;

/** @throws ExpressionError */
export function parseRequirement(source: string): Requirement {
  const known = parsed.get(source);
  if (known) return known;
  const tokens = new TokenStream(source);
  const requirement = tokens.next.kind === '$end' ? () => true : parseExpression(tokens);
  tokens.expect('$end', '&', '|');
  if (parsed.size >= MOST_KEPT) parsed.clear();
  parsed.set(source, requirement);
  return requirement;
}

/** Most VMs of a cloud share a few expressions. */
const parsed = new Map<string, Requirement>();
const MOST_KEPT = 1000;

function parseExpression(tokens: TokenStream): Requirement {
  let left = parseOperand(tokens);
  for (;;) {
    if (tokens.takeIf('&')) left = both(left, parseOperand(tokens));
    else if (tokens.takeIf('|')) left = oneOf(left, parseOperand(tokens));
    else return left;
  }
}

const both =
  (left: Requirement, right: Requirement): Requirement =>
  (attributes) =>
    left(attributes) && right(attributes);
const oneOf =
  (left: Requirement, right: Requirement): Requirement =>
  (attributes) =>
    left(attributes) || right(attributes);

function parseOperand(tokens: TokenStream): Requirement {
  if (tokens.takeIf('!')) {
    const operand = parseOperand(tokens);
    return (attributes) => !operand(attributes);
  }
  if (tokens.takeIf('(')) {
    const inner = parseExpression(tokens);
    tokens.expect(')', '&', '|');
    return inner;
  }
  return parseComparison(tokens);
}

type Comparison = '=' | '!=' | '>' | '<' | '@>';

function parseComparison(tokens: TokenStream): Requirement {
  const name = tokens.expect('STRING', '!', '(').text;
  const comparison = parseSign(tokens);
  const wanted = tokens.expect(...(comparison === '>' || comparison === '<' ? NUMBERS : VALUES));
  const test = testFor(wanted, comparison);
  if (comparison === '@>') return (attributes) => attributes.values(name).some(test);
  if (name === 'CURRENT_VMS') return holdsVm(wanted, comparison, test);
  return (attributes) => {
    const [value] = attributes.values(name);
    return value !== undefined && test(value);
  };
}

const NUMBERS = ['INTEGER', 'FLOAT'] as const;
const VALUES = ['INTEGER', 'FLOAT', 'STRING'] as const;

function parseSign(tokens: TokenStream): Comparison {
  const { kind } = tokens.expect('=', '!', '>', '<', '@');
  if (kind === '!') {
    tokens.expect('=');
    return '!=';
  }
  if (kind === '@') {
    tokens.expect('>');
    return '@>';
  }
  return kind as Comparison;
}

/** The VM's id when it is on the host, else -1, is what CURRENT_VMS stands for in a comparison with an id. */
function holdsVm({ text }: Token, comparison: Comparison, test: (value: string) => boolean): Requirement {
  return (attributes) => test(attributes.values('CURRENT_VMS').includes(text) ? text : '-1') && comparison !== '@>';
}

function testFor({ kind, text }: Token, comparison: Comparison): (value: string) => boolean {
  if (kind === 'STRING') {
    const matches = shellPattern(text);
    return comparison === '!=' ? (value) => text !== '' && !matches(value) : matches;
  }
  const isWhole = kind === 'INTEGER';
  const wanted = isWhole ? Number(text) : Math.fround(Number(text));
  const compare = COMPARE[comparison];
  return (value) => {
    const number = isWhole ? integerPrefix(value) : floatPrefix(value);
    return number !== undefined && compare(number, wanted);
  };
}

const COMPARE: Readonly<Record<Comparison, (value: number, wanted: number) => boolean>> = {
  '=': (value, wanted) => value === wanted,
  '@>': (value, wanted) => value === wanted,
  '!=': (value, wanted) => value !== wanted,
  '>': (value, wanted) => value > wanted,
  '<': (value, wanted) => value < wanted,
};

/** `7abc` is 7, as a C++ stream reads it. */
function integerPrefix(value: string): number | undefined {
  const digits = /^\s*[+-]?\d+/.exec(value)?.[0];
  return digits === undefined ? undefined : Number(digits);
}

export function floatPrefix(value: string): number | undefined {
  const digits = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?/i.exec(value)?.[0];
  return digits === undefined ? undefined : Math.fround(Number(digits));
}

/** fnmatch without flags: `*`, `?`, `[a-z]`, a backslash takes the meaning away. An empty pattern matches nothing. */
function shellPattern(pattern: string): (value: string) => boolean {
  if (pattern === '') return () => false;
  if (!/[*?[\\]/.test(pattern)) return (value) => value === pattern;
  const expression = new RegExp(`^${pattern.replace(PATTERN_PART, toRegExp)}$`, 's');
  return (value) => expression.test(value);
}

const PATTERN_PART = /\\(?<escaped>.)|\[(?<not>[!^]?)(?<set>\]?[^\]]*)\]|(?<any>\*)|(?<one>\?)|(?<plain>.)/gs;

function toRegExp(match: string, ...rest: unknown[]): string {
  const { escaped, not, set, any, one } = rest.at(-1) as Record<string, string | undefined>;
  if (any) return '.*';
  if (one) return '.';
  if (set !== undefined) return `[${not ? '^' : ''}${set.replaceAll('\\', '\\\\').replaceAll(']', '\\]')}]`;
  return (escaped ?? match).replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
