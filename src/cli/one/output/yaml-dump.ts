/**
 * A tree as Ruby's Psych prints it: which strings are quoted, and how, follows its YAMLTree visitor (visit_String,
 * ScalarScanner) and libyaml's emitter, since what `-y` printed is compared and parsed by scripts.
 */
import type { Tree, TreeObject } from './tree.ts';

/** One document with its marker, the last line without a line end. */
export function yamlDump(tree: TreeObject): string {
  return `---\n${objectLines(tree, '').join('\n')}`;
}

function objectLines(object: TreeObject, indent: string): string[] {
  return Object.entries(object).flatMap(([name, value]) => entryLines(`${indent}${scalar(name)}:`, value, indent));
}

/** Items of a list stand as far in as its name; their first line follows the dash. */
function entryLines(head: string, value: Tree, indent: string): string[] {
  const inner = `${indent}  `;
  if (typeof value === 'string')
    return `${head} ${scalar(value, { indent: inner, column: head.length + 1 })}`.split('\n');
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${head} []`];
    return [head, ...value.flatMap((item) => itemLines(item, indent))];
  }
  const lines = objectLines(value, inner);
  return lines.length === 0 ? [`${head} {}`] : [head, ...lines];
}

function itemLines(item: Tree, indent: string): string[] {
  const inner = `${indent}  `;
  if (typeof item === 'string' || Array.isArray(item)) return entryLines(`${indent}-`, item, indent);
  const [first, ...rest] = objectLines(item, inner);
  return first === undefined ? [`${indent}- {}`] : [`${indent}- ${first.slice(inner.length)}`, ...rest];
}

/** Where a value starts and how far in its further lines stand; names are never broken. */
interface Place {
  readonly indent: string;
  readonly column: number;
}

type Style = 'plain' | 'single' | 'double' | 'literal';

function scalar(value: string, place?: Place): string {
  const style = allowedStyle(value, wantedStyle(value));
  if (style === 'literal') return place ? literal(value, place.indent) : doubleQuoted(value);
  if (style === 'plain') return fold(value, place);
  if (style === 'single') return fold(`'${value.replaceAll("'", "''")}'`, place);
  return fold(doubleQuoted(value), place);
}

/** What Psych asks for. */
function wantedStyle(value: string): Style {
  if (/\n(?!$)/.test(value)) return 'literal';
  if (value === '<<') return 'single';
  if (/^[yYnN]$/.test(value) || /^[^\p{L}\p{N}_][^"]*$/u.test(value)) return 'double';
  return isString(value) && !/^0[0-7]*[89]/.test(value) ? 'plain' : 'single';
}

/** What reads back as a number, a boolean, nothing, a time or a symbol is not a string to Psych's scanner. */
const OTHER_SCALARS: readonly RegExp[] = [
  /^$/,
  /^(~|null|yes|true|on|no|false|off)$/i,
  /^:./,
  /^[-+]?\.inf$/i,
  /^\.nan$/i,
  /^[-+]?(\d[\d_,]*)?\.\d*([eE][-+]\d+)?$/,
  /^[-+]?(0|[1-9](\d|,\d|_\d)*)$/,
  /^[-+]?0[0-7_,]+$/,
  /^[-+]?0b[01_,]+$/,
  /^[-+]?0x[\da-fA-F_,]+$/,
  /^[-+]?\d[\d_]*(:[0-5]?\d){1,2}(\.[\d_]*)?$/,
  /^\d{4}-(1[012]|0\d|\d)-([12]\d|3[01]|0\d|\d)$/,
  /^-?\d{4}-\d{1,2}-\d{1,2}([Tt]|\s+)\d{1,2}:\d\d:\d\d(\.\d*)?\s*(Z|[-+]\d{1,2}:?(\d\d)?)?$/,
];

function isString(value: string): boolean {
  return value === '.' || !OTHER_SCALARS.some((pattern) => pattern.test(value));
}

/** What libyaml lets stand: a style that could be misread gives way to the next safer one. */
function allowedStyle(value: string, wanted: Style): Style {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const isSpecial = /[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff]/.test(value);
  const spaceBeforeBreak = / \n/.test(value);
  if (wanted === 'literal') return isSpecial || spaceBeforeBreak || / $/.test(value) ? 'double' : 'literal';
  const looksLikeSyntax =
    /^([#,[\]{}&*!|>'"%@`]|[-?:](\s|$)|---|\.\.\.)/.test(value) || /:(\s|$)/.test(value) || /\s#/.test(value);
  if (wanted === 'plain' && (looksLikeSyntax || /^[ \n]|[ \n]$|\n|\t/.test(value) || isSpecial))
    return allowedStyle(value, 'single');
  if (wanted === 'single' && (isSpecial || spaceBeforeBreak || /\n|\t/.test(value))) return 'double';
  return wanted;
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
};

function doubleQuoted(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
  const escaped = value.replace(/["\\\x00-\x1f\x7f-\x9f\ufeff]/g, (character) => {
    const code = character.charCodeAt(0);
    return NAMED_ESCAPES[character] ?? (code < 256 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
  });
  return `"${escaped}"`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, '0');
}

const BEST_WIDTH = 80;

/** Goes on in a new line at the first single blank behind the best width. */
function fold(text: string, place: Place | undefined): string {
  if (!place) return text;
  let column = place.column;
  let folded = '';
  for (let i = 0; i < text.length; i++) {
    const isSingleBlank = text[i] === ' ' && text[i - 1] !== ' ' && text[i + 1] !== ' ';
    if (isSingleBlank && column > BEST_WIDTH && i > 1 && i < text.length - 2) {
      folded += `\n${place.indent}`;
      column = place.indent.length;
    } else {
      folded += text[i];
      column++;
    }
  }
  return folded;
}

function literal(value: string, indent: string): string {
  const start = /^[ \n]/.test(value) ? '2' : '';
  const end = value.endsWith('\n\n') || value === '\n' ? '+' : value.endsWith('\n') ? '' : '-';
  const lines = value.replace(/\n$/, '').split('\n');
  return `|${start}${end}\n${lines.map((line) => (line === '' ? '' : indent + line)).join('\n')}`;
}
