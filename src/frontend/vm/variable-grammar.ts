/**
 * The grammar of variables in templates, `$NAME`, `$VECTOR[ATTR, KEY=value]` and `$FILE[IMAGE=name]`, and where a text
 * departs from it, in the generated parsers' words (src/parsers/vm_var_parser.l, vm_var_syntax.y, vm_file_var_syntax.y,
 * 7.4). A `$` that starts no variable is written `\$`.
 */
import { InvalidTemplate } from './invalid-template.ts';

type TokenKind = 'EQUAL' | 'COMMA' | 'OBRACKET' | 'CBRACKET' | 'EOA' | 'STRING' | 'VARIABLE' | 'RSTRING' | '$end';

/** What may follow in each state, in the order in which refusals list it. */
type Grammar = Readonly<Record<string, { readonly [Kind in TokenKind]?: string }>>;

const TEXT_WITH_VARIABLES: Grammar = {
  start: { VARIABLE: 'named', RSTRING: 'between' },
  between: { $end: 'end', VARIABLE: 'named', RSTRING: 'between' },
  named: { OBRACKET: 'attribute', EOA: 'between' },
  attribute: { VARIABLE: 'chosen' },
  chosen: { COMMA: 'key', CBRACKET: 'closed' },
  key: { VARIABLE: 'compared' },
  compared: { EQUAL: 'value' },
  value: { STRING: 'valued' },
  valued: { CBRACKET: 'closed' },
  closed: { EOA: 'between' },
};

const FILE_VARIABLES: Grammar = {
  start: { VARIABLE: 'named' },
  between: { $end: 'end', VARIABLE: 'named' },
  named: { OBRACKET: 'key' },
  key: { VARIABLE: 'compared' },
  compared: { EQUAL: 'value' },
  value: { STRING: 'valued' },
  valued: { COMMA: 'owner', CBRACKET: 'closed' },
  owner: { VARIABLE: 'ownerCompared' },
  ownerCompared: { EQUAL: 'ownerValue' },
  ownerValue: { STRING: 'ownerValued' },
  ownerValued: { CBRACKET: 'closed' },
  closed: { EOA: 'between' },
};

/** @throws InvalidTemplate where variables are not what they should be */
export function checkVariables(text: string): void {
  check(text, TEXT_WITH_VARIABLES);
}

/** The same for a text that consists of variables. @throws InvalidTemplate */
export function checkFileVariables(text: string): void {
  check(text, FILE_VARIABLES);
}

function check(text: string, grammar: Grammar): void {
  let state = 'start';
  for (const { kind, columns } of tokensOf(text)) {
    const next = grammar[state]?.[kind];
    if (next === undefined) {
      const expected = Object.keys(grammar[state] ?? {}).join(' or ');
      const where = `at line 0, columns ${columns.join(':')}`;
      throw new InvalidTemplate(
        `Error parsing: ${text}. syntax error, unexpected ${kind}, expecting ${expected} ${where}`,
      );
    }
    state = next;
  }
}

interface Token {
  readonly kind: TokenKind;
  /** In bytes from 1, over the whole text: of its first byte, and behind its last. */
  readonly columns: readonly [first: number, last: number];
}

type Mode = 'text' | 'variable' | 'value';
type Rule = readonly [pattern: RegExp, kind: TokenKind | undefined, next: Mode];

const RULES: Readonly<Record<Mode, readonly Rule[]>> = {
  text: [
    [/(?:[^$\\]|\\[\s\S])+/y, 'RSTRING', 'text'],
    [/\$/y, undefined, 'variable'],
  ],
  variable: [
    [/[ \t]*=[ \t]*/y, 'EQUAL', 'value'],
    [/[ \t]*,[ \t]*/y, 'COMMA', 'variable'],
    [/\[[ \t]*/y, 'OBRACKET', 'variable'],
    [/[ \t]*\]/y, 'CBRACKET', 'variable'],
    [/\w+/y, 'VARIABLE', 'variable'],
    [/\$/y, 'EOA', 'variable'],
    [/./y, 'EOA', 'text'],
  ],
  value: [
    [/"[^"]*"/y, 'STRING', 'variable'],
    [/[A-Za-z0-9]+/y, 'STRING', 'variable'],
  ],
};

/** A character that no rule knows is passed over. */
function* tokensOf(text: string): Generator<Token> {
  let mode: Mode = 'text';
  let columns: readonly [number, number] = [1, 1];
  for (let offset = 0; offset < text.length; ) {
    const [match, kind, next] = matchAt(text, offset, mode);
    offset += match.length;
    columns = [columns[1], columns[1] + Buffer.byteLength(match)];
    mode = next;
    if (kind !== undefined) yield { kind, columns };
  }
  if (mode === 'variable') yield { kind: 'EOA', columns };
  yield { kind: '$end', columns };
}

function matchAt(text: string, offset: number, mode: Mode): readonly [string, TokenKind | undefined, Mode] {
  for (const [pattern, kind, next] of RULES[mode]) {
    pattern.lastIndex = offset;
    const match = pattern.exec(text)?.[0];
    if (match !== undefined) return [match, kind, next];
  }
  return [text.charAt(offset), undefined, mode];
}
