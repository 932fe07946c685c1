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
    vector[keyName(key.value)] ??= value;
    if (tokens.expect('COMMA', 'CBRACKET').kind === 'CBRACKET') return vector;
    key = tokens.expect('VARIABLE');
  }
}

/** Upper case; names that could not be XML element names get a prefix (include/Attribute.h). */
export function attributeName(name: string): string {
  const upper = name.toUpperCase();
  return /^(\d|XML)/.test(name) ? `ONE_${upper}` : upper;
}

/** The names in a vector may begin with XML, as oned has them (src/parsers/template_syntax.y). */
function keyName(name: string): string {
  return name.toUpperCase().startsWith('XML') ? name.toUpperCase() : attributeName(name);
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

/** The code that stands for all characters beyond ASCII. */
const OTHERS = 128;

/**
 * What a token is made of, and the characters with which it may begin. A rule with `ahead` is tried only where that stands
 * in the rest of the line, so that none reads a line again and again.
 */
interface Rule {
  readonly pattern: RegExp;
  readonly begins: RegExp;
  readonly kind: TokenKind | 'skip';
  readonly entersValue?: true;
  readonly ahead?: string;
}

/** Outside a value. The longest match wins, the first of equals. */
const BETWEEN_VALUES = byBeginning([
  { pattern: /[ \t]*#[^\n]*\n/y, begins: /[ \t#]/, kind: 'skip', ahead: '\n' },
  { pattern: /[ \t\n]+/y, begins: /[ \t\n]/, kind: 'skip' },
  { pattern: /[A-Za-z0-9_]+/y, begins: /[A-Za-z0-9_]/, kind: 'VARIABLE' },
  { pattern: /[ \t]*=[ \t]*/y, begins: /[ \t=]/, kind: 'EQUAL', entersValue: true },
  { pattern: /[ \t]*=[ \t]*\n/y, begins: /[ \t=]/, kind: 'EQUAL_EMPTY' },
  { pattern: /[ \t\n]*,[ \t\n]*/y, begins: /[ \t\n,]/, kind: 'COMMA' },
  { pattern: /[ \t\n]*\][ \t\n]*/y, begins: /[ \t\n\]]/, kind: 'CBRACKET' },
]);

/** Behind an equal sign, up to the value's end. */
const IN_VALUE = byBeginning([
  { pattern: /[ \t]*\[[ \t\n]*/y, begins: /[ \t[]/, kind: 'OBRACKET' },
  { pattern: /[^\n]*\]\]>[^\n]*/y, begins: /[^\n]/, kind: 'CCDATA', ahead: ']]>' },
  { pattern: /"(?:\\"|[^"])*"/y, begins: /"/, kind: 'STRING' },
  { pattern: /[^=# \t\n,[\]]+/y, begins: /[^=# \t\n,[\]]/, kind: 'STRING' },
]);

/** The rules for each character of ASCII; last those for all others. */
function byBeginning(rules: readonly Rule[]): readonly (readonly Rule[])[] {
  return Array.from({ length: OTHERS + 1 }, (_, code) =>
    rules.filter(({ begins }) => begins.test(String.fromCharCode(code))),
  );
}

class TokenReader {
  readonly #source: string;
  /** Where texts that rules ask for stand next, as far as that was looked up. */
  readonly #next = new Map<string, number>();
  /** Of the last token, and where the next one begins. */
  #start = 0;
  #offset = 0;
  #inValue = false;

  constructor(source: string) {
    // Windows line ends would become part of values.
    this.#source = source.replaceAll('\r\n', '\n');
  }

  next(): Token {
    while (this.#offset < this.#source.length) {
      const { rule, match } = this.#longestMatch();
      this.#start = this.#offset;
      this.#offset += match.length;
      if (!rule || rule.kind === 'skip') continue;
      const { kind, entersValue = false } = rule;
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

  /** Columns count bytes from 1 over the whole text, lines from 0: what the generated scanner reports. */
  unexpected(token: Token, expected: readonly TokenKind[]): TemplateSyntaxError {
    const [first, last] = [this.#start, this.#offset].map((end) => Buffer.byteLength(this.#source.slice(0, end)) + 1);
    const line = this.#source.slice(0, this.#offset).split('\n').length - 1;
    const where = `at line ${line}, columns ${first}:${last}`;
    return new TemplateSyntaxError(
      `syntax error, unexpected ${token.kind}, expecting ${expected.join(' or ')} ${where}`,
    );
  }

  /** No rule: a character that the grammar does not know, which is passed over. */
  #longestMatch(): { rule?: Rule; match: string } {
    const code = Math.min(this.#source.charCodeAt(this.#offset), OTHERS);
    let best: { rule?: Rule; match: string } = { match: '' };
    for (const rule of (this.#inValue ? IN_VALUE : BETWEEN_VALUES)[code] ?? []) {
      if (rule.ahead !== undefined && !this.#lineHolds(rule.ahead)) continue;
      rule.pattern.lastIndex = this.#offset;
      const match = rule.pattern.exec(this.#source)?.[0];
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
}

function unquote(match: string): string {
  const quoted = match.length >= 2 && match.startsWith('"') && match.endsWith('"') && /^"(?:\\"|[^"])*"$/.test(match);
  return (quoted ? match.slice(1, -1).replaceAll('\\"', '"') : match).trim();
}
