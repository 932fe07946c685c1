/** The page of a VM. */
import { nameOf } from '../../../opennebula/tables.ts';
import { LCM_STATE, VM_STATE } from '../../../opennebula/vm-states.ts';
import type { Node } from '../../document.ts';
import { fieldWriter, heading, type Line, permissionLines, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';
import { timeText } from '../output/times.ts';
import { lockText, sizeText, yesNo } from '../output/units.ts';
import { diskLines } from './disk-tables.ts';
import { historyLines, scheduledLines } from './history-tables.ts';
import { monitoringLines } from './monitoring-table.ts';
import { aliasLines, nicLines, portForwardLines, securityLines } from './nic-tables.ts';
import { diskSnapshotLines, systemSnapshotLines } from './snapshot-tables.ts';
import { isOnHost, lastRecord } from './vm-table.ts';

export interface VmPageFacts {
  /** Name of the cluster of the host, when the VM is on one. */
  readonly clusterName?: string;
  /** Epoch seconds. */
  readonly now: number;
  /** Keep in the template what stands in sections of its own. */
  readonly wholeTemplate?: boolean;
}

export function vmPage(vm: Node, facts: VmPageFacts): Line[] {
  return [
    ...headLines(vm, facts),
    '',
    ...monitoringLines(vm),
    '',
    ...permissionLines(vm, field),
    ...section('VM DISKS', diskLines(vm)),
    ...section('VM DISK SNAPSHOTS', vm.isFilled('SNAPSHOTS') ? diskSnapshotLines(vm) : []),
    ...section('VM NICS', nicLines(vm)),
    ...section('VM ALIAS', aliasLines(vm)),
    ...section('PORT FORWARD', portForwardLines(vm)),
    ...securityLines(vm),
    ...section('SNAPSHOTS', systemSnapshotLines(vm)),
    ...section('VIRTUAL MACHINE HISTORY', historyLines(vm, facts.now)),
    ...section('SCHEDULED ACTIONS', scheduledLines(vm, facts.now)),
    ...backupLines(vm),
    ...section('USER TEMPLATE', vm.isFilled('USER_TEMPLATE') ? [templateDump(vm.first('USER_TEMPLATE'))] : []),
    ...topologyLines(vm),
    ...section('VIRTUAL MACHINE TEMPLATE', [templateDump(shownTemplate(vm, facts))]),
  ];
}

const field = fieldWriter(20, 0);

function headLines(vm: Node, { clusterName }: VmPageFacts): Line[] {
  const record = isOnHost(vm) ? lastRecord(vm) : undefined;
  const routerId = vm.get('TEMPLATE/VROUTER_ID');
  return [
    heading(`VIRTUAL MACHINE ${vm.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', vm.get('ID')),
    field('NAME', vm.get('NAME')),
    field('USER', vm.get('UNAME')),
    field('GROUP', vm.get('GNAME')),
    field('STATE', nameOf(VM_STATE, vm.int('STATE'))),
    field('LCM_STATE', nameOf(LCM_STATE, vm.int('LCM_STATE'))),
    field('LOCK', lockText(vm)),
    field('RESCHED', yesNo(vm.get('RESCHED'))),
    ...(isOnHost(vm) ? [field('HOST', record?.get('HOSTNAME'))] : []),
    ...(record ? [field('CLUSTER ID', record.get('CID')), field('CLUSTER', clusterName)] : []),
    field('START TIME', timeText(vm.int('STIME'))),
    field('END TIME', timeText(vm.int('ETIME'))),
    field('DEPLOY ID', vm.get('DEPLOY_ID') ?? '-'),
    ...(routerId === undefined ? [] : [field('VIRTUAL ROUTER ID', routerId)]),
  ];
}

/** A blank line, the title and the lines; nothing when there are no lines. */
function section(title: string, lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : ['', heading(title), ...lines];
}

const WITH_SECTIONS = [
  'DISK',
  'NIC',
  'NIC_ALIAS',
  'SECURITY_GROUP_RULE',
  'SCHED_ACTION',
  'NUMA_NODE',
  'TOPOLOGY',
  'SNAPSHOT',
];

function shownTemplate(vm: Node, { wholeTemplate = false }: VmPageFacts): Node | undefined {
  return vm.without('TEMPLATE', wholeTemplate ? ['SNAPSHOT'] : WITH_SECTIONS).first('TEMPLATE');
}

function backupLines(vm: Node): Line[] {
  const images = vm.ids('BACKUPS/BACKUP_IDS');
  return [
    ...(vm.isFilled('BACKUPS/BACKUP_CONFIG')
      ? section('BACKUP CONFIGURATION', [templateDump(vm.first('BACKUPS/BACKUP_CONFIG'))])
      : []),
    ...(images.length > 0 ? section('VM BACKUPS', [`IMAGE IDS: ${images.join(',')}`]) : []),
  ];
}

const NUMA_TABLE: Table<Node> = {
  columns: [
    { title: 'ID', width: 4, cell: (node) => node.get('NODE_ID') },
    { title: 'CPUS_IDS', width: 5, adjust: true, cell: (node) => node.get('CPUS') },
    { title: 'MEMORY', width: 10, cell: (node) => sizeText(node.int('MEMORY')) },
    { title: 'TOTAL_CPUS', width: 10, cell: (node) => node.get('TOTAL_CPUS') },
  ],
};

const TOPOLOGY_TABLE: Table<Node> = {
  columns: [
    { title: 'CORES', width: 6, cell: (topology) => topology.get('CORES') },
    { title: 'SOCKETS', width: 8, cell: (topology) => topology.get('SOCKETS') },
    { title: 'THREADS', width: 8, cell: (topology) => topology.get('THREADS') },
  ],
};

function topologyLines(vm: Node): Line[] {
  const nodes = vm.all('TEMPLATE/NUMA_NODE');
  const topologies = vm.all('TEMPLATE/TOPOLOGY');
  const table = <Row>(title: string, columns: Table<Row>, rows: readonly Row[]): Line[] =>
    rows.length === 0 ? [] : ['', heading(title, { width: 0 }), '', ...tableLines(columns, rows)];
  return [...table('NUMA NODES', NUMA_TABLE, nodes), ...table('TOPOLOGY', TOPOLOGY_TABLE, topologies)];
}
