/** Snapshots of a whole running VM: the SNAPSHOT vectors of its template (src/vm/VirtualMachineSystemSnapshot.cc, 7.4). */
import type { Vector } from '../../opennebula/template.ts';
import type { Vm } from '../objects/vm.ts';
import { edited, withVector } from './edit-template.ts';

export function findSystemSnapshot(vm: Vm, snapshotId: number): Vector | undefined {
  return vm.template.vectors('SNAPSHOT').find(hasSnapshotId(snapshotId));
}

/** The VM with one more snapshot, to be taken; the driver's name for it is not known yet. */
export function withSystemSnapshot(vm: Vm, name: string, now: number): { vm: Vm; snapshotId: number } {
  const ids = vm.template.vectors('SNAPSHOT').map((snapshot) => Number(snapshot.SNAPSHOT_ID));
  const snapshotId = Math.max(-1, ...ids) + 1;
  const template = edited(vm.template, (copy) =>
    copy.add('SNAPSHOT', {
      SNAPSHOT_ID: String(snapshotId),
      NAME: name || `snapshot-${snapshotId}`,
      TIME: String(now),
      HYPERVISOR_ID: '',
      SYSTEM_DISK_SIZE: vm.template.get('MEMORY') ?? '0',
    }),
  );
  return { vm: { ...vm, template }, snapshotId };
}

export function withHypervisorId(vm: Vm, snapshotId: number, hypervisorId: string): Vm {
  const template = withVector(vm.template, 'SNAPSHOT', hasSnapshotId(snapshotId), (snapshot) => ({
    ...snapshot,
    HYPERVISOR_ID: hypervisorId,
  }));
  return { ...vm, template };
}

export function withoutSystemSnapshot(vm: Vm, snapshotId: number): Vm {
  return { ...vm, template: withVector(vm.template, 'SNAPSHOT', hasSnapshotId(snapshotId), () => undefined) };
}

export function withoutSystemSnapshots(vm: Vm): Vm {
  if (!vm.template.has('SNAPSHOT')) return vm;
  return { ...vm, template: edited(vm.template, (copy) => copy.delete('SNAPSHOT')) };
}

function hasSnapshotId(snapshotId: number): (snapshot: Vector) => boolean {
  return (snapshot) => Number(snapshot.SNAPSHOT_ID) === snapshotId;
}
