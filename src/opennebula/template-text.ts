/**
 * Reader of the template text form. Tokens, their longest match and the wording of errors are those of OpenNebula's
 * grammar (src/parsers/template_parser.l and template_syntax.y, 7.4), since users and tests see them.
 */

export type Vector = Record<string, string>;

export type Attribute = readonly [name: string, value: string | Vector];

/** The text is no template. The message is what oned answers, without the method's prefix. */
export class TemplateSyntaxError extends Error {
  override name = 'TemplateSyntaxError';

  constructor(detail: string) {
    super(detail === '' ? 'Parse error.' : `Parse error: ${detail}`);
  }
}

/** @throws TemplateSyntaxError */
export function parseTemplateText(source: string): Attribute[] {
  const tokens = new TokenReader(source);
  const attributes: Attribute[] = [];
  for (;;) {
    const start = tokens.next();
    if (start.kind === '$end') return attributes;
    if (start.kind !== 'VARIABLE') throw tokens.unexpected(start, ['$end']);
    const name = attributeName(start.value);
    const sign = tokens.expect('EQUAL', 'EQUAL_EMPTY');
    if (sign.kind === 'EQUAL_EMPTY') {
      attributes.push([name, '']);
      continue;
    }
    const value = tokens.expect('OBRACKET', 'CCDATA', 'STRING');
    if (value.kind === 'CCDATA') throw new TemplateSyntaxError('');
    attributes.push([name, value.kind === 'STRING' ? value.value : readVector(tokens)]);
  }
}

function readVector(tokens: TokenReader): Vector {
  const vector: Vector = {};
  let key = tokens.expect('CBRACKET', 'VARIABLE');
  if (key.kind === 'CBRACKET') return vector;
  for (;;) {
    tokens.expect('EQUAL');
    const { value } = tokens.expect('STRING');
    // A repeated name keeps its first value.
    vector[attributeName(key.value)] ??= value;
    if (tokens.expect('COMMA', 'CBRACKET').kind === 'CBRACKET') return vector;
    key = tokens.expect('VARIABLE');
  }
}

/** Upper case; names that could not be XML element names get a prefix (include/Attribute.h). */
export function attributeName(name: string): string {
  const upper = name.toUpperCase();
  return /^(\d|XML)/.test(name) ? `ONE_${upper}` : upper;
}

type TokenKind =
  | '$end'
  | 'EQUAL'
  | 'EQUAL_EMPTY'
  | 'COMMA'
  | 'OBRACKET'
  | 'CBRACKET'
  | 'CCDATA'
  | 'STRING'
  | 'VARIABLE';

interface Token {
  readonly kind: TokenKind;
  readonly value: string;
}

/** A rule with `ahead` is tried only where that stands in the rest of the line, so that none reads a line again and again. */
type Rule = readonly [pattern: RegExp, kind: TokenKind | 'skip', options?: { entersValue?: true; ahead?: string }];

/** Outside a value. The longest match wins, the first of equals. */
const BETWEEN_VALUES: readonly Rule[] = [
  [/[ \t]*#[^\n]*\n/y, 'skip', { ahead: '\n' }],
  [/[ \t\n]+/y, 'skip'],
  [/[A-Za-z0-9_]+/y, 'VARIABLE'],
  [/[ \t]*=[ \t]*/y, 'EQUAL', { entersValue: true }],
  [/[ \t]*=[ \t]*\n/y, 'EQUAL_EMPTY'],
  [/[ \t\n]*,[ \t\n]*/y, 'COMMA'],
  [/[ \t\n]*\][ \t\n]*/y, 'CBRACKET'],
];

/** Behind an equal sign, up to the value's end. */
const IN_VALUE: readonly Rule[] = [
  [/[ \t]*\[[ \t\n]*/y, 'OBRACKET'],
  [/[^\n]*\]\]>[^\n]*/y, 'CCDATA', { ahead: ']]>' }],
  [/"(?:\\"|[^"])*"/y, 'STRING'],
  [/[^=# \t\n,[\]]+/y, 'STRING'],
];

class TokenReader {
  readonly #source: string;
  /** Where texts that rules ask for stand next, as far as that was looked up. */
  readonly #next = new Map<string, number>();
  #offset = 0;
  #inValue = false;
  #line = 0;
  #columns: readonly [first: number, last: number] = [1, 1];

  constructor(source: string) {
    // Windows line ends would become part of values.
    this.#source = source.replaceAll('\r\n', '\n');
  }

  next(): Token {
    while (this.#offset < this.#source.length) {
      const { rule, match } = this.#longestMatch();
      this.#advance(match);
      if (!rule || rule[1] === 'skip') continue;
      const [, kind, { entersValue = false } = {}] = rule;
      this.#inValue = entersValue;
      return { kind, value: kind === 'STRING' ? unquote(match) : match };
    }
    return { kind: '$end', value: '' };
  }

  expect(...kinds: readonly TokenKind[]): Token {
    const token = this.next();
    if (!kinds.includes(token.kind)) throw this.unexpected(token, kinds);
    return token;
  }

  unexpected(token: Token, expected: readonly TokenKind[]): TemplateSyntaxError {
    const [first, last] = this.#columns;
    const where = `at line ${this.#line}, columns ${first}:${last}`;
    return new TemplateSyntaxError(
      `syntax error, unexpected ${token.kind}, expecting ${expected.join(' or ')} ${where}`,
    );
  }

  /** No rule: a character that the grammar does not know, which is passed over. */
  #longestMatch(): { rule?: Rule; match: string } {
    let best: { rule?: Rule; match: string } = { match: '' };
    for (const rule of this.#inValue ? IN_VALUE : BETWEEN_VALUES) {
      const [pattern, , { ahead } = {}] = rule;
      if (ahead !== undefined && !this.#lineHolds(ahead)) continue;
      pattern.lastIndex = this.#offset;
      const match = pattern.exec(this.#source)?.[0];
      if (match !== undefined && match.length > best.match.length) best = { rule, match };
    }
    return best.rule ? best : { match: this.#source.charAt(this.#offset) };
  }

  /** Whether a text stands in the rest of the line, its end included. */
  #lineHolds(text: string): boolean {
    const end = this.#nextOf('\n');
    return this.#nextOf(text) <= end && this.#nextOf(text) !== Number.POSITIVE_INFINITY;
  }

  /** Infinity when it does not come again. */
  #nextOf(text: string): number {
    const known = this.#next.get(text) ?? -1;
    if (known >= this.#offset) return known;
    const found = this.#source.indexOf(text, this.#offset);
    const position = found === -1 ? Number.POSITIVE_INFINITY : found;
    this.#next.set(text, position);
    return position;
  }

  /** Columns count bytes from 1 over the whole text, lines from 0: what the generated scanner reports. */
  #advance(match: string): void {
    this.#offset += match.length;
    this.#columns = [this.#columns[1], this.#columns[1] + Buffer.byteLength(match)];
    this.#line += match.split('\n').length - 1;
  }
}

function unquote(match: string): string {
  const quoted = match.length >= 2 && match.startsWith('"') && match.endsWith('"') && /^"(?:\\"|[^"])*"$/.test(match);
  return (quoted ? match.slice(1, -1).replaceAll('\\"', '"') : match).trim();
}
