/** Disks of a VM: the DISK vectors of its template, found by DISK_ID. */
import { isYes, type Vector } from '../../opennebula/template.ts';
import type { Vm } from '../objects/vm.ts';
import { withVector } from './edit-template.ts';

export function disksOf(vm: Vm): Vector[] {
  return vm.template.vectors('DISK');
}

export function findDisk(vm: Vm, diskId: number): Vector | undefined {
  return disksOf(vm).find(hasDiskId(diskId));
}

export function withDisk(vm: Vm, diskId: number, change: (disk: Vector) => Vector): Vm {
  return { ...vm, template: withVector(vm.template, 'DISK', hasDiskId(diskId), change) };
}

/** The VM without the disk and its snapshots. */
export function withoutDisk(vm: Vm, diskId: number): Vm {
  return {
    ...vm,
    template: withVector(vm.template, 'DISK', hasDiskId(diskId), () => undefined),
    diskSnapshots: vm.diskSnapshots.filter((snapshots) => snapshots.diskId !== diskId),
  };
}

/** Names an image by id; what is no number names none. */
export function hasImageId({ IMAGE_ID = '' }: Vector): boolean {
  return /^\s*[-+]?\d+$/.test(IMAGE_ID);
}

/** Made for this VM alone, without an image: TYPE fs or swap. */
export function isVolatile(disk: Vector): boolean {
  const type = disk.TYPE?.toLowerCase();
  return type === 'fs' || type === 'swap';
}

export function isPersistent(disk: Vector): boolean {
  return isYes(disk.PERSISTENT);
}

/** The disk is no copy: the image has its size and its snapshots. */
export function isImageItself(disk: Vector): boolean {
  return isPersistent(disk) && disk.LN_TARGET === 'NONE';
}

/** The disk lies in the system datastore, so it takes room there (TM_MAD_CONF: CLONE_TARGET, LN_TARGET). */
export function liesInSystemDatastore(disk: Vector): boolean {
  return isVolatile(disk) || transferTarget(disk) === 'SYSTEM';
}

/** Where a disk with an image is kept: SYSTEM, SELF for the image's datastore, NONE for the image itself. */
export function transferTarget(disk: Vector): string | undefined {
  return isYes(disk.CLONE) ? disk.CLONE_TARGET : disk.LN_TARGET;
}

export function diskIdOf(disk: Vector): number {
  return Number(disk.DISK_ID);
}

function hasDiskId(diskId: number): (disk: Vector) => boolean {
  return (disk) => diskIdOf(disk) === diskId;
}
