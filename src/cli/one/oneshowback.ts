/** oneshowback: what VMs cost by the month. */
import { FILTER as OWNERS } from '../../opennebula/client/constants.ts';
import type { Node } from '../document.ts';
import { OF_GROUP, OF_USER, RECORD_TABLE_OPTIONS } from './account-options.ts';
import { command, type Tool } from './command.ts';
import { FORMATS, XML } from './options/format.ts';
import { CSV, DESCRIBE, LIST } from './options/list.ts';
import { heading, type Line, tableLines } from './output/page.ts';
import type { Table } from './output/table.ts';
import { recordsDump } from './output/xml-dump.ts';
import { timeOption } from './parse-time.ts';
import { fetchDocument } from './resource.ts';
import type { Run } from './run.ts';
import { printPage } from './terminal.ts';
import { describeColumns, dumpFor } from './verbs/list.ts';

const FIRST = timeOption({
  name: 'start_time',
  short: '-s',
  long: '--start',
  argument: 'TIME',
  help: 'A time in the first month',
});

const LAST = timeOption({
  name: 'end_time',
  short: '-e',
  long: '--end',
  argument: 'TIME',
  help: 'A time in the last month',
});

const SHOWBACK_TABLE: Table<Node> = {
  columns: [
    { title: 'UID', help: 'User ID', width: 4, adjust: true, cell: (record) => record.get('UID') },
    { title: 'USER_NAME', help: 'User name', width: 8, left: true, cell: (record) => record.get('UNAME') },
    { title: 'GID', help: 'Group ID', width: 4, cell: (record) => record.get('GID') },
    { title: 'GROUP_NAME', help: 'Group name', width: 8, left: true, cell: (record) => record.get('GNAME') },
    { title: 'VM_ID', help: 'Virtual Machine ID', width: 6, cell: (record) => record.get('VMID') },
    { title: 'VM_NAME', help: 'Virtual Machine name', width: 15, left: true, cell: (record) => record.get('VMNAME') },
    { title: 'MONTH', help: 'Month', width: 5, cell: (record) => record.get('MONTH') },
    { title: 'YEAR', help: 'Year', width: 5, cell: (record) => record.get('YEAR') },
    { title: 'HOURS', help: 'Hours', width: 6, cell: (record) => record.get('HOURS') },
    { title: 'RUNNING_HOURS', help: 'Running hours', width: 7, cell: (record) => record.get('RHOURS') ?? '-' },
    { title: 'COST', help: 'Cost', width: 15, cell: (record) => record.get('TOTAL_COST') },
  ],
  defaults: ['USER_NAME', 'GROUP_NAME', 'VM_ID', 'VM_NAME', 'MONTH', 'YEAR', 'HOURS', 'RUNNING_HOURS', 'COST'],
};

const list = command({
  name: 'list',
  help: 'Lists what VMs cost, as far as it was calculated.',
  options: [FIRST, LAST, OF_USER, OF_GROUP, ...FORMATS, ...RECORD_TABLE_OPTIONS],
  run: async (run) => {
    if (run.has(DESCRIBE)) return describeColumns(run, SHOWBACK_TABLE);
    const records = await fetchDocument(
      run,
      'one.vmpool.showback',
      run.get(OF_USER) ?? OWNERS.ALL,
      ...monthAndYear(run.get(FIRST)),
      ...monthAndYear(run.get(LAST)),
    );
    const group = run.get(OF_GROUP);
    const chosen = records.filtered((record) => group === undefined || record.int('GID') === group);
    const dump = run.has(XML) ? recordsDump : dumpFor(run);
    if (dump) run.print(dump(chosen));
    else printPage(run, run.has(CSV) ? csvLines(run, chosen.children) : monthTables(run, chosen.children));
  },
});

const OPEN = -1;

function monthAndYear(time: Date | undefined): [month: number, year: number] {
  return time === undefined ? [OPEN, OPEN] : [time.getMonth() + 1, time.getFullYear()];
}

function csvLines(run: Run, records: readonly Node[]): Line[] {
  return tableLines(SHOWBACK_TABLE, records, { list: run.get(LIST), csv: true });
}

function monthTables(run: Run, records: readonly Node[]): Line[] {
  const months = Map.groupBy(records, (record) => `${record.get('MONTH')}/${record.get('YEAR')}`);
  return [...months].flatMap(([month, ofMonth]) => [
    heading(`# Showback for ${month}`, { underlined: true }),
    '',
    ...tableLines(SHOWBACK_TABLE, ofMonth, { list: run.get(LIST) }),
    '',
  ]);
}

const calculate = command({
  name: 'calculate',
  help: 'Calculates what VMs cost.',
  options: [FIRST, LAST],
  run: async (run) => {
    const { vmpool } = run.client;
    await vmpool.calculateshowback(...monthAndYear(run.get(FIRST)), ...monthAndYear(run.get(LAST)));
  },
});

export const oneshowback: Tool = { name: 'oneshowback', commands: [list, calculate] };
