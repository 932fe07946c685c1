/** The table of VMs, as `onevm list` and the pages of hosts and images show it. */
import { nameOf } from '../../../opennebula/tables.ts';
import { LCM_STATE, VM_STATE, vmShortState } from '../../../opennebula/vm-states.ts';
import type { Node } from '../../document.ts';
import { idColumn, ownerColumns } from '../columns.ts';
import type { Table } from '../output/table.ts';
import { periodText } from '../output/times.ts';
import { listedSize } from '../output/units.ts';
import type { ListView } from '../verbs/list.ts';

/** Facts are names of clusters by id. */
export function vmTable(view: ListView): Table<Node> {
  return {
    columns: [
      idColumn('ONE identifier for Virtual Machine'),
      {
        title: 'NAME',
        help: 'Name of the Virtual Machine',
        width: 15,
        left: true,
        expand: true,
        cell: nameWithStar,
      },
      ...ownerColumns(view, 'Virtual Machine'),
      { title: 'STAT', help: 'Actual status', width: 4, cell: shortState },
      { title: 'CPU', help: 'CPU asigned to the VM', width: 4, cell: (vm) => vm.get('TEMPLATE/CPU') ?? '0' },
      {
        title: 'MEM',
        help: 'Memory asigned to the VM',
        width: 7,
        cell: (vm) => listedSize(vm.int('TEMPLATE/MEMORY'), 'M', view.kilobytes),
      },
      { title: 'HOST', help: 'Host where the VM is running', width: 10, left: true, expand: true, cell: hostName },
      {
        title: 'CLUSTER',
        help: 'Cluster where the VM is running',
        width: 10,
        left: true,
        cell: (vm) => {
          const id = lastRecord(vm)?.get('CID');
          return id === undefined ? 'NONE' : (view.facts.get(id) ?? id);
        },
      },
      {
        title: 'TIME',
        help: 'Time since the VM was submitted',
        width: 10,
        cell: (vm) => periodText((vm.int('ETIME') || view.now) - vm.int('STIME')),
      },
      { title: 'IP', help: 'VM IP addresses', width: 15, left: true, adjust: true, cell: addresses },
    ],
    defaults: ['ID', 'USER', 'GROUP', 'NAME', 'STAT', 'CPU', 'MEM', 'HOST', 'TIME'],
    layouts: { user: ['ID', 'NAME', 'IP', 'STAT', 'CPU', 'MEM', 'HOST', 'TIME'] },
  };
}

/** With a star when it is to be rescheduled. */
function nameWithStar(vm: Node): string {
  return `${vm.get('RESCHED') === '1' ? '*' : ''}${vm.get('NAME') ?? ''}`;
}

function shortState(vm: Node): string {
  const state = nameOf(VM_STATE, vm.int('STATE'));
  return state ? vmShortState(state, nameOf(LCM_STATE, vm.int('LCM_STATE')) ?? 'LCM_INIT') : 'fail';
}

export function lastRecord(vm: Node): Node | undefined {
  return vm.all('HISTORY_RECORDS/HISTORY').at(-1);
}

/** States in which a VM takes room on its host. */
export function isOnHost(vm: Node): boolean {
  const state = vm.int('STATE');
  return state === VM_STATE.ACTIVE || state === VM_STATE.SUSPENDED || state === VM_STATE.POWEROFF;
}

function hostName(vm: Node): string | undefined {
  return isOnHost(vm) ? lastRecord(vm)?.get('HOSTNAME') : undefined;
}

const ADDRESSES = [
  'IP',
  'EXTERNAL_IP',
  'IP6_GLOBAL',
  'IP6_ULA',
  'IP6',
  'VROUTER_IP',
  'VROUTER_IP6_GLOBAL',
  'VROUTER_IP6_ULA',
];

function addresses(vm: Node): string {
  const nics = [...vm.all('TEMPLATE/NIC'), ...vm.all('TEMPLATE/PCI')];
  return nics.flatMap((nic) => ADDRESSES.flatMap((name) => nic.get(name) ?? [])).join(',') || '--';
}
