/** The table of VM templates and the page of one. */
import type { Node } from '../../document.ts';
import { idColumn, nameColumn, ownerColumns } from '../columns.ts';
import { fieldWriter, heading, type Line, permissionLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';
import { timeText } from '../output/times.ts';
import { lockText } from '../output/units.ts';
import type { ListView } from '../verbs/list.ts';

export function templateTable(view: ListView): Table<Node> {
  return {
    columns: [
      idColumn('ONE identifier for the Template'),
      nameColumn('Name of the Template'),
      ...ownerColumns(view, 'Template'),
      {
        title: 'REGTIME',
        help: 'Registration time of the Template',
        width: 15,
        cell: (object) => timeText(object.int('REGTIME')),
      },
    ],
    defaults: ['ID', 'USER', 'GROUP', 'NAME', 'REGTIME'],
  };
}

export function templatePage(object: Node): Line[] {
  const field = fieldWriter(15);
  return [
    heading(`TEMPLATE ${object.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', object.get('ID')),
    field('NAME', object.get('NAME')),
    field('USER', object.get('UNAME')),
    field('GROUP', object.get('GNAME')),
    field('LOCK', lockText(object)),
    field('REGISTER TIME', timeText(object.int('REGTIME'))),
    '',
    ...permissionLines(object, field),
    '',
    heading('TEMPLATE CONTENTS'),
    templateDump(object.first('TEMPLATE')),
  ];
}
