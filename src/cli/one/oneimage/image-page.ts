/** The table of images and the page of one. */
import { IMAGE_STATE, IMAGE_TYPE } from '../../../opennebula/numbers.ts';
import { nameOf } from '../../../opennebula/tables.ts';
import type { Node } from '../../document.ts';
import { idColumn, nameColumn, ownerColumns } from '../columns.ts';
import { vmSection } from '../onevm/related-vms.ts';
import { fieldWriter, heading, type Line, permissionLines, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';
import { timeText } from '../output/times.ts';
import { listedSize, lockText, sizeText, yesNo } from '../output/units.ts';
import type { ListView } from '../verbs/list.ts';

const STATE_SHORT = {
  INIT: 'init',
  READY: 'rdy',
  USED: 'used',
  DISABLED: 'disa',
  LOCKED: 'lock',
  ERROR: 'err',
  CLONE: 'clon',
  DELETE: 'dele',
  USED_PERS: 'used',
  LOCKED_USED: 'lock',
  LOCKED_USED_PERS: 'lock',
} as const;

const TYPE_SHORT = {
  OS: 'OS',
  CDROM: 'CD',
  DATABLOCK: 'DB',
  KERNEL: 'KL',
  RAMDISK: 'RD',
  CONTEXT: 'CX',
  BACKUP: 'BK',
  FILESYSTEM: 'FS',
} as const;

function shortState(image: Node): string {
  return STATE_SHORT[nameOf(IMAGE_STATE, image.int('STATE')) ?? 'INIT'];
}

export function imageTable(view: ListView): Table<Node> {
  return {
    columns: [
      idColumn('ONE identifier for the Image'),
      ...ownerColumns(view, 'Image'),
      nameColumn('Name of the Image'),
      {
        title: 'DATASTORE',
        help: 'Name of the Datastore',
        width: 10,
        left: true,
        cell: (image) => image.get('DATASTORE'),
      },
      {
        title: 'TYPE',
        help: 'Type of the Image',
        width: 4,
        left: true,
        cell: (image) => TYPE_SHORT[nameOf(IMAGE_TYPE, image.int('TYPE')) ?? 'OS'],
      },
      {
        title: 'REGTIME',
        help: 'Registration time of the Image',
        width: 15,
        cell: (image) => timeText(image.int('REGTIME')),
      },
      {
        title: 'MODTIME',
        help: 'Last modification time of the Image',
        width: 15,
        cell: (image) => timeText(image.int('MODTIME')),
      },
      {
        title: 'PERSISTENT',
        help: 'Whether the Image is persistent or not',
        width: 3,
        cell: (image) => yesNo(image.get('PERSISTENT')),
      },
      { title: 'STAT', help: 'State of the Image', width: 4, left: true, cell: shortState },
      {
        title: 'RVMS',
        help: 'Number of VMs currently running from this Image',
        width: 4,
        cell: (image) => image.get('RUNNING_VMS'),
      },
      {
        title: 'SIZE',
        help: 'Size of the image',
        width: 7,
        cell: (image) => listedSize(image.int('SIZE'), 'M', view.kilobytes),
      },
    ],
    defaults: ['ID', 'USER', 'GROUP', 'NAME', 'DATASTORE', 'SIZE', 'TYPE', 'PERSISTENT', 'STAT', 'RVMS'],
  };
}

/** @param vms  the pool of VMs, needed when VMs use the image */
export function imagePage(image: Node, vms: Node | undefined, now: number): Line[] {
  const field = fieldWriter(15);
  const filled = (name: string, path: string) => (image.get(path) ? [field(name, image.get(path))] : []);
  return [
    heading(`IMAGE ${image.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', image.get('ID')),
    field('NAME', image.get('NAME')),
    field('USER', image.get('UNAME')),
    field('GROUP', image.get('GNAME')),
    field('LOCK', lockText(image)),
    field('DATASTORE', image.get('DATASTORE')),
    field('TYPE', nameOf(IMAGE_TYPE, image.int('TYPE'))),
    field('REGISTER TIME', timeText(image.int('REGTIME'))),
    field('LAST MODIFIED', timeText(image.int('MODTIME'))),
    field('PERSISTENT', yesNo(image.get('PERSISTENT'))),
    field('SOURCE', image.get('SOURCE')),
    ...filled('PATH', 'PATH'),
    ...filled('FORMAT', 'FORMAT'),
    field('SIZE', sizeText(image.int('SIZE'), 'M')),
    field('STATE', shortState(image)),
    field('RUNNING_VMS', image.get('RUNNING_VMS')),
    '',
    ...permissionLines(image, field),
    ...snapshotLines(image),
    '',
    heading('IMAGE TEMPLATE'),
    templateDump(image.first('TEMPLATE')),
    ...userLines(image, vms, now),
  ];
}

const SNAPSHOT_TABLE: Table<Node> = {
  columns: [
    { title: 'AC', width: 2, left: true, cell: (snapshot) => (snapshot.get('ACTIVE') === 'YES' ? '=>' : '') },
    { title: 'ID', width: 3, cell: (snapshot) => snapshot.get('ID') },
    { title: 'PARENT', width: 6, cell: (snapshot) => snapshot.get('PARENT') },
    { title: 'DATE', width: 15, cell: (snapshot) => timeText(snapshot.int('DATE')) },
    {
      title: 'SIZE',
      width: 8,
      left: true,
      cell: (snapshot) => (snapshot.get('SIZE') === undefined ? '-' : sizeText(snapshot.int('SIZE'), 'M')),
    },
    { title: 'NAME', width: 37, left: true, cell: (snapshot) => snapshot.get('NAME') },
  ],
};

function snapshotLines(image: Node): Line[] {
  const snapshots = image.all('SNAPSHOTS/SNAPSHOT');
  return snapshots.length === 0 ? [] : ['', heading('IMAGE SNAPSHOTS'), ...tableLines(SNAPSHOT_TABLE, snapshots)];
}

const INCREMENT_TABLE: Table<Node> = {
  columns: [
    { title: 'ID', width: 3, cell: (increment) => increment.get('ID') },
    { title: 'PID', width: 3, cell: (increment) => increment.get('PARENT_ID') },
    { title: 'TYPE', width: 1, cell: (increment) => increment.get('TYPE')?.charAt(0) },
    { title: 'SIZE', width: 8, left: true, cell: (increment) => sizeText(increment.int('SIZE'), 'M') },
    { title: 'DATE', width: 15, cell: (increment) => timeText(increment.int('DATE')) },
    { title: 'SOURCE', width: 37, left: true, cell: (increment) => increment.get('SOURCE') },
  ],
};

/** VMs that use the image, or the VM of which it is a backup. */
function userLines(image: Node, vms: Node | undefined, now: number): Line[] {
  const users = image.ids('VMS');
  if (users.length === 0) return [];
  if (image.int('TYPE') !== IMAGE_TYPE.BACKUP) {
    return ['', ...(vms ? vmSection(vms, (vm) => users.includes(vm.get('ID') ?? ''), now) : [])];
  }
  const field = fieldWriter(15);
  const increments = image.all('BACKUP_INCREMENTS/INCREMENT');
  return [
    heading('BACKUP INFORMATION'),
    field('VM', users[0]),
    field('DISK IDS', image.ids('BACKUP_DISK_IDS').join(',')),
    field('TYPE', increments.length > 0 ? 'INCREMENTAL' : 'FULL'),
    ...(increments.length > 0
      ? ['', heading('BACKUP INCREMENTS', { width: 0 }), ...tableLines(INCREMENT_TABLE, increments)]
      : []),
  ];
}
