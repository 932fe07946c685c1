/** Words of requirement and rank expressions (src/parsers/expr_parser.l, 7.4). The longest match counts. */
export interface Token {
  /** A sign stands for itself. */
  readonly kind: 'STRING' | 'INTEGER' | 'FLOAT' | '$end' | Sign;
  readonly text: string;
  /** As the parser of OpenNebula counts them: from 0 to the last character. */
  readonly columns: readonly [first: number, last: number];
  readonly line: number;
}

const SIGNS = ['@', '!', '&', '|', '=', '>', '<', '(', ')', '*', '+', '/', '^', '-'] as const;
export type Sign = (typeof SIGNS)[number];

/** An expression that is none. The message is oned's. */
export class ExpressionError extends Error {
  override name = 'ExpressionError';
}

const PATTERN =
  /(?<float>-?\d+\.\d+)|(?<integer>-?\d+)|(?<word>[A-Za-z][0-9A-Za-z_]*)|"(?<quoted>[^"]*)"|(?<sign>[@!&|=><()*+/^-])|./sy;

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  PATTERN.lastIndex = 0;
  for (let match = PATTERN.exec(source); match; match = PATTERN.exec(source)) {
    const [text] = match;
    const columns = [match.index, match.index + text.length] as const;
    const token = tokenOf(match, columns, line);
    if (token) tokens.push(token);
    line += text.split('\n').length - 1;
  }
  tokens.push({ kind: '$end', text: '', columns: [source.length, source.length], line });
  return tokens;
}

/** Blanks, and characters that the language does not know, are passed over. */
function tokenOf(match: RegExpExecArray, columns: Token['columns'], line: number): Token | undefined {
  const { float, integer, word, quoted, sign } = match.groups ?? {};
  if (float !== undefined) return { kind: 'FLOAT', text: float, columns, line };
  if (integer !== undefined) return { kind: 'INTEGER', text: integer, columns, line };
  if (word !== undefined) return { kind: 'STRING', text: word, columns, line };
  if (quoted !== undefined) return { kind: 'STRING', text: quoted, columns, line };
  return sign === undefined ? undefined : { kind: sign as Sign, text: sign, columns, line };
}

/** Reads tokens one after the other. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(source: string) {
    this.#tokens = tokenize(source);
  }

  get next(): Token {
    return this.#tokens[this.#position] as Token;
  }

  take(): Token {
    const token = this.next;
    if (token.kind !== '$end') this.#position++;
    return token;
  }

  /** Takes the next token if it is of that kind. */
  takeIf(kind: Token['kind']): boolean {
    if (this.next.kind !== kind) return false;
    this.take();
    return true;
  }

  expect(...kinds: readonly Token['kind'][]): Token {
    if (!kinds.includes(this.next.kind)) throw this.unexpected(kinds);
    return this.take();
  }

  unexpected(expected: readonly Token['kind'][] = []): ExpressionError {
    const { kind, columns, line } = this.next;
    const name = (token: Token['kind']) => (token.length === 1 ? `'${token}'` : token);
    // The parser of OpenNebula lists up to four.
    const wanted = expected.length > 0 && expected.length <= 4 ? `, expecting ${expected.map(name).join(' or ')}` : '';
    return new ExpressionError(
      `syntax error, unexpected ${name(kind)}${wanted} at line ${line}, columns ${columns[0]}:${columns[1]}`,
    );
  }
}
