/** oneacct: where VMs have been, and for how long. It has no commands, only options. */
import { FILTER as OWNERS } from '../../opennebula/client/constants.ts';
import type { Node } from '../document.ts';
import { selectAll, XPathSyntaxError } from '../xpath/path.ts';
import { OF_GROUP, OF_USER, RECORD_TABLE_OPTIONS } from './account-options.ts';
import { command, type Tool } from './command.ts';
import { findId } from './names.ts';
import { ACCOUNT_CSV, ACCOUNT_TABLE } from './oneacct/account-table.ts';
import { converted, flag, text } from './option.ts';
import { JSON_FORMAT, XML } from './options/format.ts';
import { CSV, DESCRIBE, LIST } from './options/list.ts';
import { jsonDump } from './output/json-dump.ts';
import { heading, type Line, tableLines } from './output/page.ts';
import { timestampText } from './output/times.ts';
import { documentTree } from './output/tree.ts';
import { recordsDump } from './output/xml-dump.ts';
import { timeOption } from './parse-time.ts';
import { Refusal } from './refusal.ts';
import { fetchDocument } from './resource.ts';
import type { Run } from './run.ts';
import { printPage } from './terminal.ts';
import { describeColumns } from './verbs/list.ts';

const TIME_ZONE = text({
  name: 'timezone',
  short: '-t',
  long: '--timezone',
  argument: 'TZ',
  help: 'Zone of the times',
});

const START = timeOption({
  name: 'start_time',
  short: '-s',
  long: '--start',
  argument: 'TIME',
  help: 'Only stays that ended after this time or go on',
});

const END = timeOption({
  name: 'end_time',
  short: '-e',
  long: '--end',
  argument: 'TIME',
  help: 'Only stays that began before this time; a day counts to its end',
});

const HOST = converted(
  { name: 'host', short: '-H', long: '--host', argument: 'HOST', help: 'Only stays on the host with this name or id' },
  (typed, run) => findId(run, 'HOST', typed),
);

const XPATH = text({
  name: 'xpath',
  long: '--xpath',
  argument: 'XPATH_EXPRESSION',
  help: "Only records at a path, as in 'HISTORY[ETIME>0]'",
});

const SPLIT = flag({ name: 'split', long: '--split', help: 'A table for each VM' });

const ANY_TIME = -1;

const account = command({
  name: 'oneacct',
  help: 'Lists the stays of VMs on hosts.',
  options: [TIME_ZONE, START, END, OF_USER, OF_GROUP, HOST, XPATH, SPLIT, XML, JSON_FORMAT, ...RECORD_TABLE_OPTIONS],
  run: async (run) => {
    const zone = run.get(TIME_ZONE);
    if (zone !== undefined) run.io.useTimeZone(zone);
    if (run.has(DESCRIBE)) return describeColumns(run, ACCOUNT_TABLE);
    const from = seconds(run.get(START));
    const to = endOfDay(run.get(END));
    const records = await fetchDocument(run, 'one.vmpool.accounting', run.get(OF_USER) ?? OWNERS.ALL, from, to);
    const chosen = records.filtered(chosenStays(run, records));
    if (run.has(JSON_FORMAT)) run.print(jsonDump(documentTree(chosen)));
    else if (run.has(XML)) run.print(recordsDump(chosen));
    else printPage(run, run.has(CSV) ? csvLines(run, chosen.children) : userTables(run, chosen.children, from, to));
  },
});

/** The seconds of a time that was given. */
function seconds(time: Date | undefined): number {
  return time === undefined ? ANY_TIME : time.getTime() / 1000;
}

function endOfDay(time: Date | undefined): number {
  const isDay = time?.getHours() === 0 && time.getMinutes() === 0 && time.getSeconds() === 0;
  return seconds(isDay ? new Date(time.getFullYear(), time.getMonth(), time.getDate() + 1) : time);
}

/** What any one of the conditions selects; all records when there is none. */
function chosenStays(run: Run, records: Node): (record: Node) => boolean {
  const paths = [
    run.has(HOST) ? `HISTORY[HID=${run.get(HOST)}]` : [],
    run.has(OF_GROUP) ? `HISTORY[VM/GID=${run.get(OF_GROUP)}]` : [],
    run.get(XPATH) ?? [],
  ].flat();
  if (paths.length === 0) return () => true;
  const chosen = new Set(paths.flatMap((path) => select(records, path)));
  return (record) => chosen.has(record);
}

function select(records: Node, path: string): Node[] {
  try {
    return selectAll(records, path.startsWith('/') ? path : `/${records.name}/${path}`);
  } catch (error) {
    if (error instanceof XPathSyntaxError) throw new Refusal(error.message);
    throw error;
  }
}

/** Grouped by user, as they are in the tables. */
function csvLines(run: Run, stays: readonly Node[]): Line[] {
  const sorted = [...Map.groupBy(stays, (stay) => stay.get('VM/UID')).values()].flat();
  return tableLines(ACCOUNT_CSV, sorted, { list: run.get(LIST), csv: true });
}

function userTables(run: Run, stays: readonly Node[], from: number, to: number): Line[] {
  const isLimited = from !== ANY_TIME || to !== ANY_TIME;
  const span = `Showing active history records from ${timeOrDash(from)} to ${timeOrDash(to)}`;
  const users = [...Map.groupBy(stays, (stay) => stay.get('VM/UID'))];
  return [
    ...(isLimited ? [span, ''] : []),
    ...users.flatMap(([user, ofUser]) => [
      heading(`# User ${user}`, { underlined: true }),
      '',
      ...tablesOf(run, ofUser).flatMap((table) => [...tableLines(ACCOUNT_TABLE, table, { list: run.get(LIST) }), '']),
    ]),
  ];
}

function tablesOf(run: Run, stays: readonly Node[]): (readonly Node[])[] {
  return run.has(SPLIT) ? [...Map.groupBy(stays, (stay) => stay.get('VM/ID')).values()] : [stays];
}

function timeOrDash(time: number): string {
  return time === ANY_TIME ? '-' : timestampText(time);
}

export const oneacct: Tool = { name: 'oneacct', commands: [], main: account };
