/** The table of groups and the page of one. */
import type { Node } from '../../document.ts';
import { idColumn, nameColumn } from '../columns.ts';
import { fieldWriter, heading, type Line, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';
import { quotaColumns, quotaLines } from '../quotas.ts';
import type { ListView } from '../verbs/list.ts';

export function groupTable({ pool }: ListView): Table<Node> {
  return {
    columns: [
      idColumn('ONE identifier for the Group'),
      nameColumn('Name of the Group'),
      { title: 'USERS', help: 'Number of Users in this group', width: 5, cell: (object) => object.ids('USERS').length },
      ...quotaColumns(pool, 'DEFAULT_GROUP_QUOTAS', { cpuWidth: 11, cpuDash: 4 }),
    ],
  };
}

const VLAN_TABLE: Table<Node> = {
  columns: [
    { title: 'VLAN_ID', width: 15, left: true, cell: (rule) => rule.get('ID') },
    { title: 'SCOPE', width: 15, left: true, cell: (rule) => rule.get('SCOPE') },
    { title: 'VNTEMPLATE', width: 15, left: true, cell: (rule) => rule.get('VNTEMPLATE') ?? '-' },
  ],
};

export function groupPage(object: Node): Line[] {
  const field = fieldWriter(15);
  const admins = new Set(object.ids('ADMINS'));
  const users: Table<string> = {
    columns: [
      { title: 'USER ID', width: 7, cell: (id) => id },
      { title: 'ADMIN', width: 5, left: true, cell: (id) => (admins.has(id) ? '*' : '') },
    ],
  };
  return [
    heading(`GROUP ${object.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', object.get('ID')),
    field('NAME', object.get('NAME')),
    '',
    heading('GROUP TEMPLATE'),
    templateDump(object.first('TEMPLATE')),
    '',
    ...tableLines(users, object.ids('USERS')),
    ...quotaLines(object, 'DEFAULT_GROUP_QUOTAS'),
    heading('VLAN RULES'),
    ...tableLines(VLAN_TABLE, object.all('VLAN_RULES/RULE')),
    '',
  ];
}
