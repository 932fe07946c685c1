/**
 * What a VM takes from its surroundings, read from its record alone. Whoever changes a record gives back and takes what
 * differs between the claims of the old and of the new one, so books and VMs cannot drift apart.
 */

import { isYes, type Vector } from '../../opennebula/template.ts';
import { type Phase, statesOf } from '../objects/phase.ts';
import type { QuotaUse } from '../objects/quotas.ts';
import { currentRecord, type HistoryRecord, previousRecord, type Vm } from '../objects/vm.ts';
import { capacityOf, hostUnits } from '../vm/capacity.ts';
import { disksOf, isVolatile, liesInSystemDatastore } from '../vm/disk.ts';
import { aliasesOf, idsIn, nicsOf } from '../vm/nic.ts';

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
function countsAsRunning({ phase }: Vm): boolean {
  const { state } = statesOf(phase);
  if (state !== 'ACTIVE') return ['PENDING', 'HOLD', 'CLONING', 'CLONING_FAILURE'].includes(phase);
  return !/^(HOTPLUG|DISK).*_(POWEROFF|SUSPENDED|STOPPED|UNDEPLOYED)$/.test(phase);
}

/** What the VM is counted for with its owner and group. */
export function quotaClaims(vm: Vm): QuotaUse[] {
  if (!isAlive(vm)) return [];
  const { cpu, memory } = capacityOf(vm);
  const running = countsAsRunning(vm) ? 1 : 0;
  const amounts = {
    VMS: 1,
    RUNNING_VMS: running,
    CPU: Number(cpu),
    RUNNING_CPU: Number(cpu) * running,
    MEMORY: Number(memory),
    RUNNING_MEMORY: Number(memory) * running,
    SYSTEM_DISK_SIZE: systemDiskMb(vm),
  };
  const place = currentRecord(vm);
  const inCluster: QuotaUse[] = place ? [{ family: 'VM', id: '', clusterId: place.clusterId, amounts }] : [];
  // In the order of Quotas::quota_check (7.4): which limit a refusal names depends on it.
  return [...leaseUses(vm), ...inCluster, { family: 'VM', id: '', amounts }, ...imageUses(vm), ...copyUses(vm)];
}

/** Disks and their snapshots in the system datastore, and snapshots of the whole guest. */
function systemDiskMb(vm: Vm): number {
  const disks = disksOf(vm).filter(liesInSystemDatastore);
  const ofDisks = disks.reduce((sum, disk) => sum + withSnapshotsMb(disk), 0);
  const snapshots = vm.template.vectors('SNAPSHOT');
  return snapshots.reduce((sum, snapshot) => sum + (Number(snapshot.SYSTEM_DISK_SIZE) || 0), ofDisks);
}

function withSnapshotsMb({ SIZE, DISK_SNAPSHOT_TOTAL_SIZE }: Vector): number {
  return (Number(SIZE) || 0) + (Number(DISK_SNAPSHOT_TOTAL_SIZE) || 0);
}

/** For each disk, also where several are of one image. */
function imageUses(vm: Vm): QuotaUse[] {
  return disksOf(vm)
    .flatMap((disk) => idsIn(disk.IMAGE_ID))
    .map((id) => ({ family: 'IMAGE', id: String(id), amounts: { RVMS: 1 } }));
}

function leaseUses(vm: Vm): QuotaUse[] {
  return leaseClaims(vm).map(({ networkId }) => ({ family: 'NETWORK', id: String(networkId), amounts: { LEASES: 1 } }));
}

/** Copies that are kept in the image datastore, and their snapshots (CLONE_TARGET=SELF). */
function copyUses(vm: Vm): QuotaUse[] {
  return disksOf(vm)
    .filter((disk) => !isVolatile(disk) && isYes(disk.CLONE) && disk.CLONE_TARGET === 'SELF')
    .map((disk) => ({ family: 'DATASTORE', id: disk.DATASTORE_ID ?? '', amounts: { SIZE: withSnapshotsMb(disk) } }));
}

/** Images of the VM's disks. */
export function imageClaims(vm: Vm): Set<number> {
  return new Set(isAlive(vm) ? disksOf(vm).flatMap((disk) => idsIn(disk.IMAGE_ID)) : []);
}

export interface LeaseClaim {
  readonly networkId: number;
  readonly mac: string;
  /** By which the network finds it: others may hold a shared address, too. */
  readonly address: {
    readonly mac?: string | undefined;
    readonly ip?: string | undefined;
    readonly ip6?: string | undefined;
  };
}

/** Addresses of its NICs. */
export function leaseClaims(vm: Vm): LeaseClaim[] {
  if (!isAlive(vm)) return [];
  return [...nicsOf(vm), ...aliasesOf(vm)].flatMap(({ NETWORK_ID, MAC, IP, IP6, SHARED }) => {
    if (!NETWORK_ID || !MAC) return [];
    const address = isYes(SHARED) && (IP || IP6) ? { ip: IP, ip6: IP6 } : { mac: MAC };
    return [{ networkId: Number(NETWORK_ID), mac: MAC, address }];
  });
}

/** Security groups whose rules the VM follows. */
export function securityGroupClaims(vm: Vm): Set<number> {
  return new Set(isAlive(vm) ? [...nicsOf(vm), ...aliasesOf(vm)].flatMap((nic) => idsIn(nic.SECURITY_GROUPS)) : []);
}

/** Whether the VM still holds its images, leases and quota. */
export function isAlive({ phase }: Vm): boolean {
  return phase !== 'DONE';
}

/** Whether the VM has a display port at its host: from deployment on until it leaves the hosts. */
export function holdsPort(vm: Vm): boolean {
  return isAlive(vm) && !NOWHERE.has(vm.phase);
}

/** A saved guest has its port in its checkpoint: it comes back to it (LifeCycleManager::trigger_epilog_success, 7.4). */
export function keepsPort({ phase, disksAt }: Vm): boolean {
  return phase === 'STOPPED' || phase === 'HOTPLUG_SAVEAS_STOPPED' || (phase === 'PENDING' && disksAt === 'front-end');
}
