/** Snapshots of whole running machines (src/rm/api/VirtualMachineAPI.cc, src/dm/DispatchManagerActions.cc, 7.4). */

import { checkAllowed } from '../lifecycle/step.ts';
import type { SnapshotOperation } from '../objects/vm-operation.ts';
import { findSystemSnapshot, withSystemSnapshot } from '../vm/snapshots.ts';
import { notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method, string } from './method.ts';
import { actorOf, change, vmFor } from './vm-access.ts';

export const snapshotMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vm.snapshotcreate',
    params: { id: int, name: string },
    help: 'Takes a snapshot of a running virtual machine; answers the id of the snapshot.',
    run: (call, { id, name }) => createSnapshot(call, id, name),
  }),
  defineMethod({
    name: 'one.vm.snapshotrevert',
    params: { id: int, snapshot: int },
    help: 'Takes a running virtual machine back to a snapshot.',
    run: (call, { id, snapshot }) => changeSnapshot(call, id, snapshot, 'snapshot-revert'),
  }),
  defineMethod({
    name: 'one.vm.snapshotdelete',
    params: { id: int, snapshot: int },
    help: 'Deletes a snapshot of a running virtual machine.',
    run: (call, { id, snapshot }) => changeSnapshot(call, id, snapshot, 'snapshot-delete'),
  }),
];

/** @returns id of the snapshot. @throws ApiError */
export function createSnapshot(call: Call, id: number, name: string): number {
  const vm = vmFor(call, id, 'snapshot');
  const { clock, dispatcher } = call.services;
  const { vm: changed, snapshotId } = withSystemSnapshot(vm, name, clock.now());
  const operation = { kind: 'snapshot-create', snapshotId } as const;
  const event = { name: 'snapshot-create', operation, actor: actorOf(call) } as const;
  change(call, () => dispatcher.apply(changed, event, { enforceQuotas: true }));
  return snapshotId;
}

const IN_WORDS: Readonly<Record<Exclude<SnapshotOperation, 'snapshot-create'>, (id: number, vmId: number) => string>> =
  {
    'snapshot-revert': (id, vmId) => `revert VM ${vmId} to snapshot ${id}`,
    'snapshot-delete': (id, vmId) => `delete snapshot ${id} for VM ${vmId}`,
  };

/** @returns id of the VM. @throws ApiError */
export function changeSnapshot(call: Call, id: number, snapshotId: number, kind: keyof typeof IN_WORDS): number {
  const vm = vmFor(call, id, 'snapshot');
  const event = { name: kind, operation: { kind, snapshotId }, actor: actorOf(call) } as const;
  change(call, () => {
    checkAllowed(vm, event);
    if (!findSystemSnapshot(vm, snapshotId)) {
      throw notPossible(`Could not ${IN_WORDS[kind](snapshotId, id)}, it does not exist.`);
    }
    call.services.dispatcher.apply(vm, event);
  });
  return id;
}
