/** The table of hosts. */
import { HOST_STATE } from '../../../opennebula/numbers.ts';
import { nameOf } from '../../../opennebula/tables.ts';
import type { Node } from '../../document.ts';
import { idColumn, nameColumn } from '../columns.ts';
import type { Column, Table } from '../output/table.ts';
import { listedSize } from '../output/units.ts';
import type { ListView } from '../verbs/list.ts';

const STATE_SHORT = {
  INIT: 'init',
  MONITORING_MONITORED: 'update',
  MONITORED: 'on',
  ERROR: 'err',
  DISABLED: 'dsbl',
  MONITORING_ERROR: 'retry',
  MONITORING_INIT: 'init',
  MONITORING_DISABLED: 'dsbl',
  OFFLINE: 'off',
} as const;

export function hostTable({ kilobytes }: ListView): Table<Node> {
  const size = (kilobyteCount: number) => listedSize(kilobyteCount, 'K', kilobytes);
  const share = (path: string) => (host: Node) => host.int(`HOST_SHARE/${path}`);
  const real = (path: string) => (host: Node) => host.int(`MONITORING/CAPACITY/${path}`);
  const column = (title: string, help: string, width: number, cell: Column<Node>['cell']) => ({
    title,
    help,
    width,
    cell,
  });
  return {
    columns: [
      idColumn('ONE identifier for Host'),
      nameColumn('Name of the Host'),
      {
        title: 'CLUSTER',
        help: 'Name of the Cluster',
        width: 10,
        left: true,
        cell: (host) => host.get('CLUSTER') ?? '-',
      },
      column('TVM', 'Total Virtual Machines allocated to the Host', 3, share('RUNNING_VMS')),
      column('ZVM', 'Number of Virtual Machine zombies', 3, (host) => host.int('TEMPLATE/TOTAL_ZOMBIES')),
      column('TCPU', 'Total CPU percentage', 4, share('MAX_CPU')),
      column('FCPU', 'Free CPU percentage', 4, (host) => share('MAX_CPU')(host) - real('USED_CPU')(host)),
      column(
        'ACPU',
        'Available cpu percentage (not reserved by VMs)',
        4,
        (host) => (share('MAX_CPU')(host) || 100) - share('CPU_USAGE')(host),
      ),
      column('TMEM', 'Total Memory', 7, (host) => size(share('MAX_MEM')(host))),
      column('FMEM', 'Free Memory', 7, (host) => size(real('FREE_MEMORY')(host))),
      column('AMEM', 'Available Memory (not reserved by VMs)', 7, (host) =>
        size(share('MAX_MEM')(host) - share('MEM_USAGE')(host)),
      ),
      column('REAL_CPU', 'Real CPU', 18, (host) => usage(real('USED_CPU')(host), share('MAX_CPU')(host), String)),
      column('ALLOCATED_CPU', 'Allocated CPU)', 18, (host) =>
        allocation(share('CPU_USAGE')(host), share('MAX_CPU')(host), String),
      ),
      column('REAL_MEM', 'Real MEM', 18, (host) => usage(real('USED_MEMORY')(host), share('MAX_MEM')(host), size)),
      column('ALLOCATED_MEM', 'Allocated MEM', 18, (host) =>
        allocation(share('MEM_USAGE')(host), share('MAX_MEM')(host), size),
      ),
      column('PROVIDER', 'Its provider', 8, (host) => host.get('TEMPLATE/PROVIDER')),
      {
        title: 'STAT',
        help: 'Host status',
        width: 4,
        left: true,
        cell: (host) => STATE_SHORT[nameOf(HOST_STATE, host.int('STATE')) ?? 'INIT'],
      },
    ],
    defaults: ['ID', 'NAME', 'CLUSTER', 'TVM', 'ALLOCATED_CPU', 'ALLOCATED_MEM', 'STAT'],
  };
}

/** `400 / 800 (50%)`, or `-` before the first monitoring. */
function usage(used: number, total: number, print: (value: number) => string): string {
  return total === 0 ? '-' : `${print(used)} / ${print(total)} (${Math.floor((used * 100) / total)}%)`;
}

/** The same, where something may be given away of an unknown total. */
function allocation(used: number, total: number, print: (value: number) => string): string {
  return total === 0 && used !== 0 ? `${print(used)} / -` : usage(used, total, print);
}
