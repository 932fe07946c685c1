/** Snapshots of single disks (src/rm/api/VirtualMachineAPI.cc, src/dm/DispatchManagerActions.cc, 7.4). */
import { isYes, type Vector } from '../../opennebula/template.ts';
import { checkAllowed } from '../lifecycle/step.ts';
import type { Demand } from '../objects/authorization.ts';
import type { Vm } from '../objects/vm.ts';
import { checkImageGrowth } from '../resources/image-quota.ts';
import { findDisk, isImageItself, isPersistent, isVolatile } from '../vm/disk.ts';
import {
  deletionRefused,
  findSnapshot,
  findSnapshots,
  orphansOf,
  withDiskSnapshot,
  withRenamedSnapshot,
} from '../vm/disk-snapshots.ts';
import { notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method, string } from './method.ts';
import { actorOf, change, vmFor } from './vm-access.ts';

export const diskSnapshotMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vm.disksnapshotcreate',
    params: { id: int, disk: int, name: string },
    help: 'Takes a snapshot of a disk; answers the id of the snapshot.',
    run: (call, { id, disk, name }) => createDiskSnapshot(call, id, disk, name),
  }),
  defineMethod({
    name: 'one.vm.disksnapshotdelete',
    params: { id: int, disk: int, snapshot: int },
    help: 'Deletes a snapshot of a disk.',
    run: (call, { id, disk, snapshot }) => deleteDiskSnapshot(call, id, disk, snapshot),
  }),
  defineMethod({
    name: 'one.vm.disksnapshotrevert',
    params: { id: int, disk: int, snapshot: int },
    help: 'Takes a disk back to a snapshot, while the virtual machine is off.',
    run: (call, { id, disk, snapshot }) => revertDiskSnapshot(call, id, disk, snapshot),
  }),
  defineMethod({
    name: 'one.vm.disksnapshotrename',
    params: { id: int, disk: int, snapshot: int, name: string },
    help: 'Renames a snapshot of a disk.',
    run(call, { id, disk, snapshot, name }) {
      const vm = vmFor(call, id, 'disk-snapshot');
      diskWithSnapshots(vm, disk, 'Snapshots are not supported');
      if (!findSnapshots(vm, disk)) throw notPossible('The VM does not have any snapshot');
      if (!findSnapshot(vm, disk, snapshot)) throw notPossible('Snapshot does not exist');
      change(call, () => call.services.dispatcher.update(withRenamedSnapshot(vm, disk, snapshot, name)));
      return id;
    },
  }),
];

/** @returns id of the snapshot. @throws ApiError */
export function createDiskSnapshot(call: Call, id: number, diskId: number, name: string): number {
  const disk = diskWithSnapshots(call.get('vm', id), diskId, 'Cannot make snapshots');
  const vm = vmFor(call, id, 'disk-snapshot', ...imageDemands(call, disk, keepsSnapshotsInImage(disk)));
  const { clock, dispatcher } = call.services;
  return change(call, () => {
    if (isImageItself(disk)) checkImageGrowth(call.cloud, Number(disk.IMAGE_ID), Number(disk.SIZE) || 0);
    checkAllowed(vm, { name: 'disk-snapshot-create' });
    if (isYes(disk.READONLY)) throw notPossible('Cannot make snapshots on readonly disks');
    const { vm: changed, snapshotId } = withDiskSnapshot(vm, diskId, {
      name,
      sizeMb: Number(disk.SIZE) || 0,
      now: clock.now(),
      orphans: orphansOf(disk),
    });
    const operation = { kind: 'disk-snapshot-create', diskId, snapshotId } as const;
    dispatcher.apply(
      changed,
      { name: 'disk-snapshot-create', operation, actor: actorOf(call) },
      { enforceQuotas: true },
    );
    return snapshotId;
  });
}

/** @returns id of the VM. @throws ApiError */
export function deleteDiskSnapshot(call: Call, id: number, diskId: number, snapshotId: number): number {
  const disk = diskWithSnapshots(call.get('vm', id), diskId, 'Snapshots are not supported');
  const vm = vmFor(call, id, 'disk-snapshot', ...imageDemands(call, disk, isPersistent(disk)));
  const operation = { kind: 'disk-snapshot-delete', diskId, snapshotId } as const;
  const event = { name: 'disk-snapshot-delete', operation, actor: actorOf(call) } as const;
  change(call, () => {
    checkAllowed(vm, event);
    const snapshots = findSnapshots(vm, diskId);
    const refusal = snapshots ? deletionRefused(snapshots, snapshotId, isPersistent(disk)) : 'Snapshot does not exist';
    if (refusal !== undefined) throw notPossible(refusal);
    call.services.dispatcher.apply(vm, event);
  });
  return id;
}

/** @returns id of the VM. @throws ApiError */
export function revertDiskSnapshot(call: Call, id: number, diskId: number, snapshotId: number): number {
  diskWithSnapshots(call.get('vm', id), diskId, 'Snapshots are not supported');
  const vm = vmFor(call, id, 'disk-snapshot');
  const operation = { kind: 'disk-snapshot-revert', diskId, snapshotId } as const;
  const event = { name: 'disk-snapshot-revert', operation, actor: actorOf(call) } as const;
  change(call, () => {
    checkAllowed(vm, event);
    if (!findSnapshots(vm, diskId)) throw notPossible('Snapshot does not exist');
    if (!findSnapshot(vm, diskId, snapshotId)) {
      throw notPossible(`Disk id (${diskId}) or snapshot id (${snapshotId}) is not valid.`);
    }
    call.services.dispatcher.apply(vm, event);
  });
  return id;
}

function diskWithSnapshots(vm: Vm, diskId: number, refusal: string): Vector {
  const disk = findDisk(vm, diskId);
  if (!disk) throw notPossible('VM disk does not exist');
  if (isVolatile(disk) || disk.TYPE === 'FILESYSTEM') throw notPossible(`${refusal} on disks of type: ${disk.TYPE}`);
  return disk;
}

/** The disk, or its copy, lies in the image datastore, and its snapshots with it. */
function keepsSnapshotsInImage(disk: Vector): boolean {
  return (isYes(disk.CLONE) ? disk.CLONE_TARGET : disk.LN_TARGET) === 'NONE';
}

function imageDemands(call: Call, disk: Vector, concernsImage: boolean): Demand[] {
  return concernsImage ? [call.on('image', call.get('image', Number(disk.IMAGE_ID)), 'MANAGE')] : [];
}
