/** The table of virtual data centers and the page of one (onevdc_helper.rb, 7.4). */
import type { Node } from '../../document.ts';
import { idColumn, nameColumn } from '../columns.ts';
import { fieldWriter, heading, type Line, tableLines } from '../output/page.ts';
import type { Column, Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';

/** What a VDC is made of besides groups, by the element of one. */
const PARTS = ['CLUSTER', 'HOST', 'DATASTORE', 'VNET'] as const;

type Part = (typeof PARTS)[number];

/** The id that stands for everything of its kind in a zone. */
const EVERYTHING = '-10';

export function vdcTable(): Table<Node> {
  return {
    columns: [
      idColumn('ONE identifier for the VDC'),
      nameColumn('Name of the VDC'),
      { title: 'GROUPS', help: 'Number of Groups', width: 8, cell: (vdc) => vdc.ids('GROUPS').length },
      partColumn('CLUSTER', 'Number of Clusters'),
      partColumn('HOST', 'Number of Hosts'),
      partColumn('VNET', 'Number of Networks'),
      partColumn('DATASTORE', 'Number of Datastores'),
    ],
  };
}

function partColumn(part: Part, help: string): Column<Node> {
  return {
    title: `${part}S`,
    help,
    width: 10,
    cell: (vdc) => {
      const parts = vdc.all(`${part}S/${part}`);
      const [first, ...others] = parts;
      return first && others.length === 0 ? countOrAll(first, part) : parts.length;
    },
  };
}

function countOrAll(only: Node, part: Part): string {
  return only.get(`${part}_ID`) === EVERYTHING ? 'ALL' : '1';
}

export function vdcPage(vdc: Node): Line[] {
  const field = fieldWriter(18);
  const groups = vdc.ids('GROUPS');
  return [
    heading(`VDC ${vdc.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', vdc.get('ID')),
    field('NAME', vdc.get('NAME')),
    ...(groups.length > 0 ? ['', ...tableLines(GROUP_TABLE, groups)] : []),
    ...PARTS.flatMap((part) => partLines(part, vdc.all(`${part}S/${part}`))),
    '',
    heading('VDC TEMPLATE'),
    templateDump(vdc.first('TEMPLATE')),
  ];
}

const GROUP_TABLE: Table<string> = { columns: [{ title: 'GROUPS', width: 7, cell: (id) => id }] };

function partLines(part: Part, entries: readonly Node[]): Line[] {
  const idOf = (entry: Node) => entry.get(`${part}_ID`);
  const columns: Column<Node>[] = [
    { title: 'ZONE', width: 7, cell: (entry) => entry.get('ZONE_ID') },
    { title: part, width: 9, cell: (entry) => (idOf(entry) === EVERYTHING ? 'ALL' : idOf(entry)) },
  ];
  return entries.length === 0 ? [] : ['', heading(`${part}S`), ...tableLines({ columns }, entries)];
}
