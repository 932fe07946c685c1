/** `list` and `top`: a pool as a table, or as XML, JSON or YAML. */
import { FILTER as OWNERS } from '../../../opennebula/client/constants.ts';
import { Node } from '../../document.ts';
import { type Argument, type Command, command, optional } from '../command.ts';
import { FILTER_FLAG } from '../formats.ts';
import { JSON_FORMAT, XML, YAML } from '../options/format.ts';
import {
  ADJUST,
  CSV,
  CSV_DELIMITER,
  DELAY,
  DESCRIBE,
  EXPAND,
  FILTER,
  KILOBYTES,
  LIST,
  LIST_OPTIONS,
  LISTCONF,
  NO_EXPAND,
  NO_HEADER,
  NO_PAGER,
  NUMERIC,
  OPERATOR,
  SIZE,
  TOP_OPTIONS,
} from '../options/list.ts';
import { jsonDump } from '../output/json-dump.ts';
import { applyLayoutFile } from '../output/layout-file.ts';
import { type PrintedTable, printTable, shownTitles, type Table, type TableOptions } from '../output/table.ts';
import { documentTree } from '../output/tree.ts';
import { xmlDump } from '../output/xml-dump.ts';
import { yamlDump } from '../output/yaml-dump.ts';
import type { AnyOption, Run } from '../run.ts';
import { printPaged, printTitle } from '../terminal.ts';

/** What the cells of a table need beside the row. */
export interface ListView {
  readonly pool: Node;
  /** Epoch seconds. */
  readonly now: number;
  /** Ids of users and groups rather than names. */
  readonly numeric: boolean;
  /** Sizes as they are. */
  readonly kilobytes: boolean;
  /** Facts that a tool fetches for its own columns, by id. */
  readonly facts: ReadonlyMap<string, string>;
}

export interface Listing {
  /** What is listed, in help texts. */
  readonly title: string;
  /** Whether objects of some owners can be asked for. */
  readonly hasFilterFlag?: boolean;
  readonly table: (view: ListView) => Table<Node>;
  readonly fetch: (run: Run, filterFlag: number) => Promise<Node>;
  /** Facts that the columns of these titles, in upper case, need beside the pool. */
  readonly fetchFacts?: (run: Run, pool: Node, titles: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Rows of the table that an option of the tool leaves. */
  readonly keep?: (run: Run, row: Node) => boolean;
  readonly hasTop?: boolean;
  readonly options?: readonly AnyOption[];
}

/** The two commands of a tool. */
export function listCommands(listing: Listing): Command[] {
  const { title, hasFilterFlag = false, hasTop = false, options = [] } = listing;
  const args: readonly Argument<number | undefined>[] = hasFilterFlag ? [optional(FILTER_FLAG)] : [];
  const list = command({
    name: 'list',
    help: `Lists the ${title}s that the user may see.`,
    args,
    options: [...LIST_OPTIONS, ...options],
    run: (run, filterFlag = OWNERS.ALL) => listOnce(run, listing, filterFlag),
  });
  const top = command({
    name: 'top',
    help: `Lists the ${title}s again and again.`,
    args,
    options: [...TOP_OPTIONS, ...options],
    run: (run, filterFlag = OWNERS.ALL) => listForEver(run, listing, filterFlag),
  });
  return hasTop ? [list, top] : [list];
}

async function listOnce(run: Run, listing: Listing, filterFlag: number): Promise<void> {
  if (run.has(DESCRIBE)) {
    describeColumns(run, listing.table({ ...viewOptions(run), pool: new Node(''), facts: new Map() }));
    return;
  }
  const pool = await listing.fetch(run, filterFlag);
  const dump = dumpFor(run);
  if (dump) run.print(dump(pool));
  else await printPaged(run, await tableOf(run, listing, pool), { isPaged: !run.has(NO_PAGER) });
}

/** What `--describe` prints. */
export function describeColumns<Row>(run: Run, { columns }: Table<Row>): void {
  for (const { title, help = '' } of columns) run.print(`${title.padEnd(20)}: ${help.padEnd(20)}`);
}

async function listForEver(run: Run, listing: Listing, filterFlag: number): Promise<void> {
  const seconds = run.get(DELAY) ?? 1;
  do {
    const pool = await listing.fetch(run, filterFlag);
    const { header, rows } = await tableOf(run, listing, pool);
    run.io.out(CLEAR_SCREEN);
    if (header !== undefined) printTitle(run, header);
    for (const row of rows) run.print(row);
  } while (await run.io.pause(seconds));
}

const CLEAR_SCREEN = '\x1b[2J\x1b[H\x1b[0;0H';

/** How the document is printed when no table is wanted. */
export function dumpFor(run: Run): ((document: Node) => string) | undefined {
  if (run.has(XML)) return xmlDump;
  if (run.has(JSON_FORMAT)) return (document) => jsonDump(documentTree(document));
  if (run.has(YAML)) return (document) => yamlDump(documentTree(document));
  return undefined;
}

async function tableOf(run: Run, listing: Listing, pool: Node): Promise<PrintedTable> {
  const options = tableOptions(run);
  const view = { ...viewOptions(run), pool };
  const tableWith = (facts: ListView['facts']) =>
    applyLayoutFile(listing.table({ ...view, facts }), run.toolName, run.io);
  const filtered = (options.filter ?? []).map((expression) => expression.replace(/[=!<>~].*$/s, ''));
  const needed = [...shownTitles(await tableWith(new Map()), options), ...filtered].map((title) => title.toUpperCase());
  const facts = (await listing.fetchFacts?.(run, pool, needed)) ?? new Map<string, string>();
  const rows = membersOf(pool).filter((row) => listing.keep?.(run, row) ?? true);
  return printTable(await tableWith(facts), rows, options);
}

/** The objects of a pool; quotas beside them are left out. */
export function membersOf(pool: Node): Node[] {
  return pool.all(pool.name.replace(/_POOL$/, ''));
}

function viewOptions(run: Run) {
  return { now: run.io.now(), numeric: run.has(NUMERIC), kilobytes: run.has(KILOBYTES) };
}

function tableOptions(run: Run): TableOptions {
  const expand = run.get(EXPAND);
  return {
    list: run.get(LIST),
    layout: run.get(LISTCONF) ?? run.io.env.ONE_LISTCONF,
    filter: run.get(FILTER),
    operator: run.get(OPERATOR),
    csv: run.get(CSV),
    csvDelimiter: run.get(CSV_DELIMITER),
    noHeader: run.get(NO_HEADER),
    adjust: run.get(ADJUST),
    size: run.get(SIZE),
    expand,
    terminalWidth: run.has(NO_EXPAND) ? undefined : run.io.terminal?.columns,
  };
}
