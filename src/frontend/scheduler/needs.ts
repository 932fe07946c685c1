/** What a VM asks for when it is placed. */
import { isYes, type Template } from '../../opennebula/template.ts';
import { MEASURED } from '../objects/host-monitoring.ts';
import type { Vm } from '../objects/vm.ts';
import { capacityOf, hostUnits } from '../vm/capacity.ts';
import { disksOf, isVolatile, liesInSystemDatastore } from '../vm/disk.ts';
import { networkMode } from '../vm/nic-attributes.ts';
import type { Needs } from './rooms.ts';

/** Disks count only for a VM that has none anywhere yet. */
export function needsOf(vm: Vm): Needs {
  const { cpu, memoryKb } = hostUnits(capacityOf(vm));
  return { cpu, memoryKb, diskMb: isNew(vm) ? systemDiskMb(vm) : 0 };
}

function systemDiskMb(vm: Vm): number {
  return disksOf(vm)
    .filter(liesInSystemDatastore)
    .reduce((sum, disk) => sum + (Number(disk.SIZE) || 0), 0);
}

/** Space that copies take in image datastores, by datastore. */
export function imageDatastoreNeeds(vm: Vm): ReadonlyMap<number, number> {
  const needs = new Map<number, number>();
  if (!isNew(vm)) return needs;
  for (const disk of disksOf(vm)) {
    if (isVolatile(disk) || !isYes(disk.CLONE) || disk.CLONE_TARGET !== 'SELF') continue;
    const id = Number(disk.DATASTORE_ID);
    needs.set(id, (needs.get(id) ?? 0) + (Number(disk.SIZE) || 0));
  }
  return needs;
}

/** Whether the VM was never on a host, or has to start from nothing. */
function isNew(vm: Vm): boolean {
  return !vm.resched && vm.disksAt === 'host';
}

/** Requirements as they are evaluated, and printed in messages: those of oned and those of the user. */
export function hostRequirement(vm: Vm): string {
  return combined(vm.template.get('AUTOMATIC_REQUIREMENTS'), vm.userTemplate.get('SCHED_REQUIREMENTS'));
}

const FIGURE = new RegExp(`\\b(?:${MEASURED.join('|')})\\b`);

/** Whether it depends on what hosts measure where the VM may go: no change of an object tells of that. */
export function asksForFigures(vm: Vm): boolean {
  return FIGURE.test(hostRequirement(vm));
}

export function datastoreRequirement(vm: Vm): string {
  return combined(vm.template.get('AUTOMATIC_DS_REQUIREMENTS'), vm.userTemplate.get('SCHED_DS_REQUIREMENTS'));
}

/** NICs that the scheduler is to connect. */
export function autoNics(vm: Vm): { readonly nicId: number; readonly requirement: string; readonly rank: string }[] {
  return vm.template
    .vectors('NIC')
    .filter((nic) => networkMode(nic) === 'auto' && !nic.NETWORK_ID)
    .map((nic) => ({
      nicId: Number(nic.NIC_ID),
      requirement: combined(vm.template.get('AUTOMATIC_NIC_REQUIREMENTS'), nic.SCHED_REQUIREMENTS),
      rank: nic.SCHED_RANK || DEFAULT_NIC_RANK,
    }));
}

/** Spread over hosts, datastores and networks (etc/schedulers/rank.conf, 7.4). */
const DEFAULT_HOST_RANK = '- RUNNING_VMS';
const DEFAULT_DATASTORE_RANK = 'FREE_MB';
const DEFAULT_NIC_RANK = '- USED_LEASES';

export function hostRank({ userTemplate }: Vm): string {
  return userTemplate.get('SCHED_RANK') || userTemplate.get('RANK') || DEFAULT_HOST_RANK;
}

export function datastoreRank({ userTemplate }: Vm): string {
  return userTemplate.get('SCHED_DS_RANK') || DEFAULT_DATASTORE_RANK;
}

/** The higher the sooner. */
export function priorityOf(userTemplate: Template): number {
  return Number(userTemplate.get('USER_PRIORITY')) || 0;
}

function combined(automatic = '', user = ''): string {
  if (user === '') return automatic;
  return automatic === '' ? user : `${automatic} & ( ${user} )`;
}
