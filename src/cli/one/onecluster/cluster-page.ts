/** The table of clusters and the page of one. */
import type { Node } from '../../document.ts';
import { idColumn, nameColumn } from '../columns.ts';
import { fieldWriter, heading, type Line, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';
import { timeText } from '../output/times.ts';

export function clusterTable(): Table<Node> {
  const count = (title: string, help: string) => ({
    title,
    help,
    width: 10,
    cell: (object: Node) => object.ids(title).length,
  });
  return {
    columns: [
      idColumn('ONE identifier for the Cluster'),
      nameColumn('Name of the Cluster'),
      count('HOSTS', 'Number of Hosts'),
      count('VNETS', 'Number of Networks'),
      count('DATASTORES', 'Number of Datastores'),
    ],
  };
}

/** What the hosts of a cluster have and have given away, each host counted in whole CPUs and GB. */
export interface ClusterCapacity {
  readonly totalCpus: number;
  readonly usedCpus: number;
  readonly totalGb: number;
  readonly usedGb: number;
}

/** The capacity of nothing is left out when there are no hosts. */
export function clusterPage(object: Node, capacity?: ClusterCapacity): Line[] {
  const field = fieldWriter(18);
  const idList = (title: string) => [
    heading(title, { width: 15, underlined: true }),
    ...object.ids(title).map((id) => id.padEnd(15)),
  ];
  return [
    heading(`CLUSTER ${object.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', object.get('ID')),
    field('NAME', object.get('NAME')),
    '',
    heading('CLUSTER RESOURCES'),
    ...(capacity ? capacityLines(capacity) : []),
    '',
    heading('CLUSTER TEMPLATE'),
    templateDump(object.first('TEMPLATE')),
    '',
    ...idList('HOSTS'),
    '',
    ...idList('VNETS'),
    '',
    ...idList('DATASTORES'),
    ...planLines(object),
  ];
}

function capacityLines({ totalCpus, usedCpus, totalGb, usedGb }: ClusterCapacity): string[] {
  return [
    `TOTAL CPUs: ${totalCpus}`,
    `OCCUPIED CPUs: ${usedCpus}`,
    `AVAILABLE CPUs: ${totalCpus - usedCpus}`,
    '',
    `TOTAL RAM: ${totalGb}`,
    `OCCUPIED RAM: ${usedGb}`,
    `AVAILABLE RAM: ${totalGb - usedGb}`,
  ];
}

export function capacityOf(hosts: readonly Node[]): ClusterCapacity | undefined {
  if (hosts.length === 0) return undefined;
  const sum = (path: string, unit: number) =>
    hosts.reduce((total, host) => total + Math.trunc(host.int(`HOST_SHARE/${path}`) / unit), 0);
  return {
    totalCpus: sum('TOTAL_CPU', 100),
    usedCpus: sum('CPU_USAGE', 100),
    totalGb: sum('TOTAL_MEM', 1024 ** 2),
    usedGb: sum('MEM_USAGE', 1024 ** 2),
  };
}

/** States of a plan and of its actions (include/PlanPool.h, 7.4). */
const PLAN_STATES: Readonly<Record<string, string>> = {
  '-1': 'NONE',
  '0': 'READY',
  '1': 'APPLYING',
  '2': 'DONE',
  '3': 'ERROR',
  '4': 'TIMEOUT',
};

function planLines(object: Node): Line[] {
  const state = object.get('PLAN/STATE') ?? '-1';
  if (state === '-1') return [];
  const known = (value: string | undefined) => (value === '-1' ? '-' : value);
  const table: Table<Node> = {
    columns: [
      { title: 'VM', width: 6, cell: (action) => action.get('VM_ID') },
      { title: 'ACTION', width: 10, left: true, cell: (action) => action.get('OPERATION') },
      { title: 'HOST', width: 6, cell: (action) => known(action.get('HOST_ID')) },
      { title: 'DS', width: 6, cell: (action) => known(action.get('DS_ID')) },
      { title: 'STATE', width: 8, cell: (action) => PLAN_STATES[action.get('STATE') ?? ''] },
      { title: 'START_TIME', width: 16, cell: (action) => timeText(action.int('TIMESTAMP')) },
    ],
  };
  return [
    '',
    { heading: `PLAN: ${PLAN_STATES[state]}`, underlined: false },
    ...tableLines(table, object.all('PLAN/ACTION')),
  ];
}
