/** The table of datastores and the page of one. */
import { DATASTORE_STATE, DATASTORE_TYPE, DISK_TYPE } from '../../../opennebula/numbers.ts';
import { nameOf } from '../../../opennebula/tables.ts';
import type { Node } from '../../document.ts';
import { clustersText, idColumn, nameColumn, ownerColumns } from '../columns.ts';
import { fieldWriter, heading, type Line, permissionLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';
import { sizeText } from '../output/units.ts';
import type { ListView } from '../verbs/list.ts';

const TYPE_SHORT = { IMAGE_DS: 'img', SYSTEM_DS: 'sys', FILE_DS: 'fil', BACKUP_DS: 'bck' } as const;

/** On each host, so that there is no one size. */
function isLocal(object: Node): boolean {
  return object.get('TEMPLATE/SHARED')?.toUpperCase() === 'NO';
}

export function datastoreTable(view: ListView): Table<Node> {
  return {
    columns: [
      idColumn('ONE identifier for the Datastore'),
      ...ownerColumns(view, 'Datastore'),
      nameColumn('Name of the Datastore', 10),
      {
        title: 'SIZE',
        help: 'Datastore total size',
        width: 6,
        cell: (object) => (isLocal(object) ? '-' : sizeText(object.int('TOTAL_MB'), 'M')),
      },
      {
        title: 'AVAIL',
        help: 'Datastore free size',
        width: 3,
        left: true,
        cell: (object) => {
          const total = object.int('TOTAL_MB');
          return total === 0 ? '-' : `${Math.round((object.int('FREE_MB') / total) * 100)}%`;
        },
      },
      { title: 'CLUSTERS', help: 'Cluster IDs', width: 8, left: true, cell: clustersText },
      { title: 'IMAGES', help: 'Number of Images', width: 6, cell: (object) => object.ids('IMAGES').length },
      {
        title: 'TYPE',
        help: 'Datastore type',
        width: 4,
        left: true,
        cell: (object) => TYPE_SHORT[nameOf(DATASTORE_TYPE, object.int('TYPE')) ?? 'IMAGE_DS'],
      },
      { title: 'DS', help: 'Datastore driver', width: 7, left: true, cell: (object) => object.get('DS_MAD') },
      { title: 'TM', help: 'Transfer driver', width: 7, left: true, cell: (object) => object.get('TM_MAD') },
      {
        title: 'STAT',
        help: 'State of the Datastore',
        width: 4,
        left: true,
        cell: (object) => (object.int('STATE') === DATASTORE_STATE.READY ? 'on' : 'off'),
      },
    ],
    defaults: ['ID', 'NAME', 'SIZE', 'AVAIL', 'CLUSTERS', 'IMAGES', 'TYPE', 'DS', 'TM', 'STAT'],
  };
}

export function datastorePage(object: Node): Line[] {
  const field = fieldWriter(15);
  const megabytes = (path: string) => (isLocal(object) ? '-' : sizeText(object.int(path), 'M'));
  return [
    heading(`DATASTORE ${object.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', object.get('ID')),
    field('NAME', object.get('NAME')),
    field('USER', object.get('UNAME')),
    field('GROUP', object.get('GNAME')),
    field('CLUSTERS', clustersText(object)),
    field('TYPE', nameOf(DATASTORE_TYPE, object.int('TYPE'))?.replace(/_DS$/, '')),
    field('DS_MAD', object.get('DS_MAD')),
    field('TM_MAD', object.get('TM_MAD')),
    field('BASE PATH', object.get('BASE_PATH')),
    field('DISK_TYPE', nameOf(DISK_TYPE, object.int('DISK_TYPE'))),
    field('STATE', nameOf(DATASTORE_STATE, object.int('STATE'))),
    '',
    heading('DATASTORE CAPACITY'),
    field('TOTAL:', megabytes('TOTAL_MB')),
    field('FREE:', megabytes('FREE_MB')),
    field('USED: ', megabytes('USED_MB')),
    field('LIMIT:', object.isFilled('TEMPLATE/LIMIT_MB') ? megabytes('TEMPLATE/LIMIT_MB') : '-'),
    '',
    ...permissionLines(object, field),
    '',
    heading('DATASTORE TEMPLATE'),
    templateDump(object.first('TEMPLATE')),
    '',
    heading('IMAGES', { width: 15, underlined: true }),
    ...object.ids('IMAGES').map((id) => id.padEnd(15)),
  ];
}
