/**
 * Reads oned.conf and its kin so that they can be edited in place: each entry with where it stands in the text, and
 * nothing of the text lost. The grammar is the template language's (src/parsers/template_parser.l, 7.4), with comments
 * between the attributes of a vector as well, which the packages' own file has. Pure.
 */

/** A value, and where it stands, quotes included. */
export interface PlacedValue {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface ConfigurationEntry {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Of a single attribute. */
  readonly value: PlacedValue | undefined;
  /** Of a vector, by name; of a name that is repeated the first. */
  readonly vector: ReadonlyMap<string, PlacedValue>;
}

/** Thrown by `readConfigurationText`. Lines count from 1. */
export class ConfigurationTextError extends Error {
  override name = 'ConfigurationTextError';
  readonly line: number;

  constructor(problem: string, line: number) {
    super(problem);
    this.line = line;
  }
}

/** The value of a single attribute. @throws ConfigurationTextError */
export function findSetting(text: string, name: string): string | undefined {
  return readConfigurationText(text).find((entry) => entry.name === name)?.value?.text;
}

/** @throws ConfigurationTextError */
export function readConfigurationText(text: string): ConfigurationEntry[] {
  const reader = new Reader(text);
  const entries: ConfigurationEntry[] = [];
  for (;;) {
    reader.take(BLANK);
    if (reader.isAtEnd) return entries;
    entries.push(readEntry(reader));
  }
}

const BLANK = /(?:\s|#.*(?:\n|$))*/y;
const NAME = /[A-Za-z0-9_]+/y;
const EQUAL = /[ \t]*=[ \t]*/y;
const QUOTED = /"(?:\\"|[^"])*"/y;
const BARE = /[^=#\s,[\]"]+/y;

function readEntry(reader: Reader): ConfigurationEntry {
  const { offset: start } = reader;
  const name = reader.expect(NAME, 'a name').toUpperCase();
  reader.expect(EQUAL, `\`=\` behind ${name}`);
  if (reader.take(/\[/y) === undefined) {
    const value = readValue(reader);
    return { name, start, end: reader.offset, value, vector: new Map() };
  }
  const vector = readVector(reader, name);
  return { name, start, end: reader.offset, value: undefined, vector };
}

function readVector(reader: Reader, name: string): Map<string, PlacedValue> {
  const vector = new Map<string, PlacedValue>();
  reader.take(BLANK);
  while (reader.take(/\]/y) === undefined) {
    const key = reader.expect(NAME, `an attribute of ${name}, or \`]\``).toUpperCase();
    reader.expect(EQUAL, `\`=\` behind ${key}`);
    const value = readValue(reader);
    if (!vector.has(key)) vector.set(key, value);
    reader.take(BLANK);
    if (reader.take(/,/y) === undefined && !reader.sees(/\]/y)) throw reader.error(`\`,\` or \`]\` behind ${key}`);
    reader.take(BLANK);
  }
  return vector;
}

/** A value that is not there, before the end of its line, is empty. */
function readValue(reader: Reader): PlacedValue {
  const { offset: start } = reader;
  const quoted = reader.take(QUOTED);
  const text = quoted?.slice(1, -1).replaceAll('\\"', '"') ?? reader.take(BARE) ?? '';
  return { text, start, end: reader.offset };
}

class Reader {
  readonly #text: string;
  offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.offset === this.#text.length;
  }

  /** @param pattern  sticky */
  sees(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    return pattern.exec(this.#text)?.[0];
  }

  take(pattern: RegExp): string | undefined {
    const found = this.sees(pattern);
    this.offset += found?.length ?? 0;
    return found;
  }

  expect(pattern: RegExp, wanted: string): string {
    const found = this.take(pattern);
    if (found === undefined) throw this.error(wanted);
    return found;
  }

  error(wanted: string): ConfigurationTextError {
    const line = this.#text.slice(0, this.offset).split('\n').length;
    const [rest = ''] = this.#text.slice(this.offset).split('\n');
    const found = rest.trim() === '' ? 'the end of the line' : `\`${rest.trim().slice(0, 30)}\``;
    return new ConfigurationTextError(`${wanted} is expected, not ${found}`, line);
  }
}
