/**
 * What a VM takes from its surroundings, read from its record alone. Whoever changes a record gives back and takes what
 * differs between the claims of the old and of the new one, so books and VMs cannot drift apart.
 */
import { currentRecord, type HistoryRecord, type Phase, previousRecord, statesOf, type Vm } from '../objects/vm.ts';
import { capacityOf, hostUnits } from '../vm/capacity.ts';

/** Capacity booked at a host (HOST_SHARE). */
export interface HostClaim {
  readonly hostId: number;
  /** Hundredths of a processor. */
  readonly cpu: number;
  readonly memoryKb: number;
}

/** At no host, or not any more: before deployment, after stop and undeploy, while being cleaned away. */
const NOWHERE: ReadonlySet<Phase> = new Set<Phase>([
  'PENDING',
  'HOLD',
  'CLONING',
  'CLONING_FAILURE',
  'STOPPED',
  'UNDEPLOYED',
  'DONE',
  'CLEANUP_DELETE',
  'CLEANUP_RESUBMIT',
  'HOTPLUG_SAVEAS_STOPPED',
  'HOTPLUG_SAVEAS_UNDEPLOYED',
  'DISK_RESIZE_UNDEPLOYED',
]);

/** The guest is still at the host that it leaves. */
const AT_BOTH: ReadonlySet<Phase> = new Set<Phase>(['MIGRATE', 'SAVE_MIGRATE']);

/** Hosts at which the VM holds capacity. POWEROFF and SUSPENDED keep theirs. */
export function hostClaims(vm: Vm): HostClaim[] {
  if (NOWHERE.has(vm.phase) || vm.disksAt === 'front-end') return [];
  const records = AT_BOTH.has(vm.phase) ? [previousRecord(vm), currentRecord(vm)] : [currentRecord(vm)];
  const hostIds = new Set(
    records.filter((record): record is HistoryRecord => record !== undefined).map((r) => r.hostId),
  );
  const units = hostUnits(capacityOf(vm));
  return [...hostIds].map((hostId) => ({ hostId, ...units }));
}

/** Whether the VM counts for the RUNNING_ quotas (src/vm/VirtualMachine.cc, is_running_quota, 7.4). */
export function countsAsRunning({ phase }: Vm): boolean {
  const { state } = statesOf(phase);
  if (state !== 'ACTIVE') return ['PENDING', 'HOLD', 'CLONING', 'CLONING_FAILURE'].includes(phase);
  return !/^(HOTPLUG|DISK).*_(POWEROFF|SUSPENDED|STOPPED|UNDEPLOYED)$/.test(phase);
}

/** Whether the VM still holds its images, leases and quota. */
export function isAlive({ phase }: Vm): boolean {
  return phase !== 'DONE';
}

/** Whether the VM has a display port at its host: from deployment on until it leaves the hosts. */
export function holdsPort(vm: Vm): boolean {
  return isAlive(vm) && !NOWHERE.has(vm.phase);
}
