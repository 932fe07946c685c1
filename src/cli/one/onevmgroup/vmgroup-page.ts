/** The table of VM groups and the page of one (onevmgroup_helper.rb, 7.4). */
import type { Node } from '../../document.ts';
import { idColumn, nameColumn, ownerColumns } from '../columns.ts';
import { heading, type Line, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';
import { ownedHead } from '../page-head.ts';
import type { ListView } from '../verbs/list.ts';

export function vmgroupTable(view: ListView): Table<Node> {
  return {
    columns: [
      idColumn('ONE identifier for the VM Group'),
      nameColumn('Name of the VM Group'),
      ...ownerColumns(view, 'VM Group'),
      {
        title: 'VMS',
        help: 'Number of VMs in the VM Group',
        width: 4,
        left: true,
        cell: (group) => rolesOf(group).flatMap((role) => role.get('VMS')?.split(',') ?? []).length,
      },
      {
        title: 'ROLES',
        help: 'Roles in the VM Group',
        width: 36,
        left: true,
        cell: (group) =>
          rolesOf(group)
            .map((role) => role.get('NAME'))
            .join(', '),
      },
    ],
    defaults: ['ID', 'USER', 'GROUP', 'NAME', 'VMS', 'ROLES'],
  };
}

export function rolesOf(group: Node): Node[] {
  return group.all('ROLES/ROLE');
}

export function vmgroupPage(group: Node): Line[] {
  return [
    ...ownedHead(group, 'VM GROUP'),
    '',
    heading('ROLES'),
    ...tableLines(ROLE_TABLE, rolesOf(group)),
    '',
    heading('TEMPLATE CONTENTS'),
    templateDump(group.first('TEMPLATE')),
  ];
}

const ROLE_TABLE: Table<Node> = {
  columns: [
    { title: 'ID', width: 4, left: true, cell: (role) => role.get('ID') },
    { title: 'NAME', width: 8, left: true, cell: (role) => role.get('NAME') },
    { title: 'POLICY', width: 12, left: true, cell: (role) => role.get('POLICY') ?? '-' },
    { title: 'AFFINED_HOSTS', width: 18, left: true, cell: (role) => role.get('HOST_AFFINED') ?? '-' },
    { title: 'ANTI_AFFINED_HOST', width: 18, left: true, cell: (role) => role.get('HOST_ANTI_AFFINED') ?? '-' },
    { title: 'VIRTUAL_MACHINES', width: 20, left: true, cell: (role) => role.get('VMS') },
  ],
};
