/** Marks that finish or undo the operation on a device, a snapshot or the guest that the VM carries (`Operation`). */

import type { Vm } from '../objects/vm.ts';
import type { Operation } from '../objects/vm-operation.ts';
import { withCapacity } from '../vm/capacity.ts';
import { withDisk, withoutDisk } from '../vm/disk.ts';
import {
  withActiveDiskSnapshot,
  withoutDiskSnapshot,
  withoutOwnDiskSnapshots,
  withRevertedDisk,
} from '../vm/disk-snapshots.ts';
import { execOf, withExecStatus } from '../vm/exec.ts';
import { withoutNetworkChange } from '../vm/network-change.ts';
import { findNic, isAlias, withoutNic } from '../vm/nic.ts';
import { withHypervisorId, withoutSystemSnapshot, withoutSystemSnapshots } from '../vm/snapshots.ts';
import { turned } from './history.ts';
import type { Mark } from './mark.ts';

type Change<Kind extends Operation['kind']> = (
  vm: Vm,
  operation: Operation & { readonly kind: Kind },
  output: string | undefined,
) => Vm;

type Changes = { readonly [Kind in Operation['kind']]?: Change<Kind> };

const WHEN_DONE: Changes = {
  'disk-detach': (vm, { diskId }) => withoutDisk(vm, diskId),
  'nic-detach': (vm, { nicId }) => withoutNic(vm, nicId),
  'nic-update': (vm) => withoutNetworkChange(vm),
  'snapshot-create': (vm, { snapshotId }, output) =>
    withHypervisorId(vm, snapshotId, output === undefined || output === '' ? String(snapshotId) : output),
  'snapshot-delete': (vm, { snapshotId }) => withoutSystemSnapshot(vm, snapshotId),
  'disk-snapshot-create': (vm, { diskId, snapshotId }) => withActiveDiskSnapshot(vm, diskId, snapshotId, false),
  'disk-snapshot-revert': (vm, { diskId, snapshotId }) => withRevertedDisk(vm, diskId, snapshotId),
  'disk-snapshot-delete': (vm, { diskId, snapshotId }) => withoutDiskSnapshot(vm, diskId, snapshotId),
  exec: (vm) => withExecStatus(vm, 'EXECUTING'),
  'exec-cancel': (vm) => withExecStatus(vm, 'CANCELLED'),
};

const WHEN_FAILED: Changes = {
  'disk-attach': (vm, { diskId }) => withoutDisk(vm, diskId),
  'nic-attach': (vm, { nicId }) => withoutNic(vm, nicId),
  'snapshot-create': (vm, { snapshotId }) => withoutSystemSnapshot(vm, snapshotId),
  'disk-snapshot-create': (vm, { diskId, snapshotId }) => withoutDiskSnapshot(vm, diskId, snapshotId),
  'disk-resize': (vm, { diskId, previousSizeMb }) =>
    withDisk(vm, diskId, (disk) => ({ ...disk, SIZE: String(previousSizeMb) })),
  resize: (vm, { previous }) => withCapacity(vm, previous),
  exec: (vm) => withExecStatus(vm, 'ERROR'),
  'exec-cancel': (vm) => withExecStatus(vm, 'ERROR'),
};

/** The operation succeeded. */
export const finished: Mark = (vm, { event }) => settle(vm, WHEN_DONE, event.output);

/** The operation failed: the VM is as it was before. */
export const undone: Mark = (vm) => settle(vm, WHEN_FAILED, undefined);

/** A NIC comes or goes; its aliases have actions of their own. */
export const nicAttached: Mark = (vm, context) =>
  turned(concernsAlias(vm, context.event.operation) ? 'alias-attach' : 'nic-attach')(vm, context);
export const nicDetached: Mark = (vm, context) =>
  turned(concernsAlias(vm, context.event.operation) ? 'alias-detach' : 'nic-detach')(vm, context);

/** Snapshots of the whole guest die with it, unless its driver keeps them. */
export const snapshotsLost: Mark = (vm, { vmm }) => (vmm.keepSnapshots ? vm : withoutSystemSnapshots(vm));

/** Disks are made anew from their images. */
export const disksLost: Mark = (vm) => withoutOwnDiskSnapshots(vm);

/** A command in the guest has ended with it. */
export const commandLost: Mark = (vm) => (execOf(vm).STATUS === 'EXECUTING' ? withExecStatus(vm, 'CANCELLED') : vm);

function settle({ operation, ...vm }: Vm, changes: Changes, output: string | undefined): Vm {
  if (!operation) return vm;
  const change = changes[operation.kind] as Change<Operation['kind']> | undefined;
  return change ? change(vm, operation, output) : vm;
}

function concernsAlias(vm: Vm, operation: Operation | undefined): boolean {
  const nic = operation && 'nicId' in operation ? findNic(vm, operation.nicId) : undefined;
  return nic !== undefined && isAlias(nic);
}
