/**
 * Tables as OpenNebula's commands print them (src/cli/cli_helper.rb, 7.4): columns of fixed width, longer contents cut,
 * the header padded to its end, rows trimmed on the right. What is shown, how wide and which rows is up to the options
 * of `list`.
 */
import { Refusal } from '../refusal.ts';

export interface Column<Row> {
  readonly title: string;
  readonly help?: string;
  readonly width: number;
  readonly left?: boolean;
  /** As wide as the longest contents when that is more than the width. */
  readonly adjust?: boolean;
  /** Takes its share of the room that a terminal has left. */
  readonly expand?: boolean;
  readonly cell: (row: Row) => string | number | undefined;
}

export interface Table<Row> {
  readonly columns: readonly Column<Row>[];
  /** Titles shown unless others are asked for; all when missing. */
  readonly defaults?: readonly string[];
  /** Other selections of titles by name, for `--listconf`. */
  readonly layouts?: Readonly<Record<string, readonly string[]>>;
}

export interface TableOptions {
  readonly list?: readonly string[] | undefined;
  readonly layout?: string | undefined;
  readonly filter?: readonly string[] | undefined;
  readonly operator?: string | undefined;
  readonly csv?: boolean | undefined;
  readonly csvDelimiter?: string | undefined;
  readonly noHeader?: boolean | undefined;
  readonly adjust?: readonly string[] | undefined;
  readonly size?: readonly string[] | undefined;
  /** Columns with their share, all when empty. */
  readonly expand?: readonly string[] | undefined;
  /** Columns of the terminal to fill; without it none is widened. */
  readonly terminalWidth?: number | undefined;
}

/** A table ready to be printed: the header is missing when it is not wanted. */
export interface PrintedTable {
  readonly header?: string;
  readonly rows: readonly string[];
}

/** @throws Refusal for a column that does not exist and a filter that cannot be read */
export function printTable<Row>(table: Table<Row>, rows: Iterable<Row>, options: TableOptions = {}): PrintedTable {
  const shown = selectColumns(table, options);
  const passes = rowFilter(table, options);
  const kept = [...rows].filter(passes);
  const cells = kept.map((row) => shown.map((column) => text(column, row)));
  if (options.csv) {
    const line = (values: readonly string[]) => csvLine(values, options.csvDelimiter ?? ',');
    const header = options.noHeader ? {} : { header: line(shown.map(({ title }) => title)) };
    return { ...header, rows: cells.map(line) };
  }
  const slots = layOut(shown, cells, options);
  const header = options.noHeader
    ? {}
    : {
        header: line(
          slots,
          slots.map(({ title }) => title),
        ),
      };
  return { ...header, rows: cells.map((values) => line(slots, values).trimEnd()) };
}

function text<Row>(column: Column<Row>, row: Row): string {
  return String(column.cell(row) ?? '');
}

function selectColumns<Row>(table: Table<Row>, options: TableOptions): Column<Row>[] {
  return shownTitles(table, options).map((title) => findColumn(table.columns, title));
}

/** Titles of the columns that are shown. */
export function shownTitles<Row>({ columns, defaults, layouts }: Table<Row>, options: TableOptions): readonly string[] {
  const { list, layout } = options;
  const named = layout === undefined ? undefined : layouts?.[layout];
  return list ?? named ?? defaults ?? columns.map(({ title }) => title);
}

function findColumn<Row>(columns: readonly Column<Row>[], name: string): Column<Row> {
  const column = columns.find(({ title }) => title.toUpperCase() === name.toUpperCase());
  if (!column) throw new Refusal(`Column ${name.toUpperCase()} not defined.`);
  return column;
}

/** A column as it is printed in this run. */
interface Slot {
  readonly title: string;
  readonly left: boolean;
  readonly isCut: boolean;
  readonly width: number;
}

function line(slots: readonly Slot[], values: readonly string[]): string {
  return slots
    .map(({ width, left, isCut }, i) => {
      const value = values[i] ?? '';
      const fitting = isCut ? value.slice(0, width) : value;
      return left ? fitting.padEnd(width) : fitting.padStart(width);
    })
    .join(' ');
}

function layOut<Row>(columns: readonly Column<Row>[], cells: readonly string[][], options: TableOptions): Slot[] {
  const { expand, terminalWidth } = options;
  const expandsAll = expand?.length === 0;
  const adjusted = new Set(options.adjust?.map((title) => findColumn(columns, title).title));
  const sizes = new Map(options.size?.map((entry) => readShare(columns, entry)));
  const slots = columns.map(({ title, width, left = false, adjust = false }, i): Slot => {
    const size = sizes.get(title);
    if (size !== undefined) return { title, left, isCut: true, width: size };
    const longest = Math.max(0, ...cells.map((values) => values[i]?.length ?? 0));
    const grows = (adjust || adjusted.has(title)) && !expandsAll;
    return { title, left, isCut: !grows, width: grows ? Math.max(width, longest) : width };
  });
  if (terminalWidth === undefined) return slots;
  const shares = expand?.map((entry) => readShare(columns, entry)) ?? [];
  const takers = expandsAll ? columns.map(({ title }) => title) : shares.map(([title]) => title);
  const marked = columns.filter((column) => column.expand).map(({ title }) => title);
  return widen(slots, new Set([...takers, ...marked]), new Map(shares), terminalWidth);
}

/** `name=20` or `name=0.4` or `name`, as `--size` and `--expand` take them. */
function readShare<Row>(columns: readonly Column<Row>[], entry: string): [title: string, share: number] {
  const [name = '', share = ''] = entry.split('=');
  return [findColumn(columns, name).title, Number(share)];
}

/** The room that is left goes to the takers by the share given for each, or else in proportion to their widths. */
function widen(
  slots: readonly Slot[],
  takers: ReadonlySet<string>,
  shares: ReadonlyMap<string, number>,
  total: number,
): Slot[] {
  const left = total - (slots.length - 1) - slots.reduce((sum, { width }) => sum + width, 0);
  const takersWidth = slots.reduce((sum, { title, width }) => sum + (takers.has(title) ? width : 0), 0);
  if (left <= 0 || takersWidth === 0) return [...slots];
  let given = 0;
  return slots.map((slot) => {
    if (!takers.has(slot.title)) return slot;
    const share = shares.get(slot.title) || slot.width / takersWidth;
    const more = Math.min(Math.round(left * share), left - given);
    given += more;
    return { ...slot, isCut: true, width: slot.width + more };
  });
}

const COMPARISONS: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  '=': (value, wanted) => value === wanted,
  '!=': (value, wanted) => value !== wanted,
  '<': (value, wanted) => compare(value, wanted) < 0,
  '<=': (value, wanted) => compare(value, wanted) <= 0,
  '>': (value, wanted) => compare(value, wanted) > 0,
  '>=': (value, wanted) => compare(value, wanted) >= 0,
  '~': (value, wanted) => value.includes(wanted),
};

/** By number where both are, so that 10 is more than 9; OpenNebula's commands compare texts only. */
function compare(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  if (a.trim() !== '' && b.trim() !== '' && !Number.isNaN(difference)) return difference;
  return a < b ? -1 : a > b ? 1 : 0;
}

function rowFilter<Row>({ columns }: Table<Row>, { filter, operator }: TableOptions): (row: Row) => boolean {
  if (!filter) return () => true;
  const conditions = filter.map((expression) => {
    const [, name, sign = '', wanted = ''] = /^(.*?)(!=|<=|>=|=|<|>|~)(.*)$/.exec(expression) ?? [];
    if (name === undefined) throw new Refusal(`Expression '${expression}' incorrect`);
    const column = columns.find(({ title }) => title.toUpperCase() === name.toUpperCase());
    if (!column) throw new Refusal(`Column '${name}' not found`);
    return (row: Row) => COMPARISONS[sign]?.(text(column, row), wanted) ?? false;
  });
  return operator?.toUpperCase() === 'OR'
    ? (row) => conditions.some((holds) => holds(row))
    : (row) => conditions.every((holds) => holds(row));
}

/** As Ruby's CSV: what holds the delimiter, quotes or line ends is quoted, and so is an empty field. */
function csvLine(values: readonly string[], delimiter: string): string {
  return values
    .map((value) => {
      const needsQuotes = value === '' || value.includes(delimiter) || /["\r\n]/.test(value);
      return needsQuotes ? `"${value.replaceAll('"', '""')}"` : value;
    })
    .join(delimiter);
}
