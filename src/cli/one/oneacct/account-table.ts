/** One stay of a VM on a host as `oneacct` lists it (src/cli/one_helper/oneacct_helper.rb, 7.4). */
import { HISTORY_ACTION } from '../../../opennebula/history-actions.ts';
import { nameOf } from '../../../opennebula/tables.ts';
import type { Node } from '../../document.ts';
import type { Table } from '../output/table.ts';
import { timeText } from '../output/times.ts';
import { sizeText } from '../output/units.ts';

/** In a table UID is who ended the stay, under the owner of the VM as its title. */
export const ACCOUNT_TABLE: Table<Node> = {
  columns: [
    { title: 'UID', help: 'User ID', width: 4, cell: (stay) => stay.get('UID') },
    { title: 'VID', help: 'Virtual Machine ID', width: 4, cell: (stay) => stay.get('OID') },
    { title: 'SEQ', help: 'History record sequence number', width: 3, cell: (stay) => stay.get('SEQ') },
    { title: 'HOSTNAME', help: 'Host name', width: 15, left: true, cell: (stay) => stay.get('HOSTNAME') },
    {
      title: 'ACTION',
      help: 'VM state change action',
      width: 16,
      left: true,
      cell: (stay) => nameOf(HISTORY_ACTION, stay.int('ACTION')),
    },
    { title: 'START_TIME', help: 'Start time', width: 14, cell: (stay) => timeText(stay.int('STIME')) },
    { title: 'END_TIME', help: 'End time', width: 14, cell: (stay) => timeText(stay.int('ETIME')) },
    {
      title: 'MEMORY',
      help: 'Assigned memory',
      width: 6,
      cell: (stay) => sizeText(stay.int('VM/TEMPLATE/MEMORY'), 'M'),
    },
    { title: 'CPU', help: 'Number of CPUs', width: 3, cell: (stay) => stay.get('VM/TEMPLATE/CPU') },
    {
      title: 'NETRX',
      help: 'Data received from the network',
      width: 6,
      cell: (stay) => sizeText(stay.int('VM/MONITORING/NETRX') / 1024),
    },
    {
      title: 'NETTX',
      help: 'Data sent to the network',
      width: 6,
      cell: (stay) => sizeText(stay.int('VM/MONITORING/NETTX') / 1024),
    },
    { title: 'DISK', help: 'Total disk size used', width: 6, cell: (stay) => sizeText(diskMb(stay) * 1024) },
  ],
  defaults: ['VID', 'HOSTNAME', 'ACTION', 'START_TIME', 'END_TIME', 'MEMORY', 'CPU', 'NETRX', 'NETTX', 'DISK'],
};

/** The same as comma separated values, which have no titles: UID comes first and is the owner of the VM. */
export const ACCOUNT_CSV: Table<Node> = {
  columns: ACCOUNT_TABLE.columns.map((column) =>
    column.title === 'UID' ? { ...column, cell: (stay: Node) => stay.get('VM/UID') } : column,
  ),
  defaults: ['UID', ...(ACCOUNT_TABLE.defaults ?? [])],
};

/** Disks and what their snapshots take. */
function diskMb(stay: Node): number {
  const taking = [...stay.all('VM/TEMPLATE/DISK'), ...stay.all('VM/SNAPSHOTS/SNAPSHOT')];
  return taking.reduce((sum, part) => sum + part.int('SIZE'), 0);
}
