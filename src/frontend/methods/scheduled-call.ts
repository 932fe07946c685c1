/** What each scheduled action does, with the arguments that it takes (ScheduledActionManager::vm_action_call, 7.4). */
import type { ScheduledAction } from '../objects/vm.ts';
import { internal } from './api-error.ts';
import type { Call } from './call.ts';
import { performAction } from './vm-action.ts';
import { createDiskSnapshot, deleteDiskSnapshot, revertDiskSnapshot } from './vm-disk-snapshots.ts';
import { changeSnapshot, createSnapshot } from './vm-snapshots.ts';

interface Scheduled {
  /** As an error names the arguments. */
  readonly format: readonly ('snapshot-name' | 'snapshot-id' | 'disk-id')[];
  run(call: Call, vmId: number, args: readonly string[]): unknown;
}

/** Actions with arguments; all others are those of `one.vm.action`. */
const WITH_ARGUMENTS: Readonly<Record<string, Scheduled>> = {
  'snapshot-create': {
    format: ['snapshot-name'],
    run: (call, vmId, [name = '']) => createSnapshot(call, vmId, name),
  },
  'snapshot-revert': {
    format: ['snapshot-id'],
    run: (call, vmId, [snapshot]) => changeSnapshot(call, vmId, Number(snapshot), 'snapshot-revert'),
  },
  'snapshot-delete': {
    format: ['snapshot-id'],
    run: (call, vmId, [snapshot]) => changeSnapshot(call, vmId, Number(snapshot), 'snapshot-delete'),
  },
  'disk-snapshot-create': {
    format: ['disk-id', 'snapshot-name'],
    run: (call, vmId, [disk, name = '']) => createDiskSnapshot(call, vmId, Number(disk), name),
  },
  'disk-snapshot-revert': {
    format: ['disk-id', 'snapshot-id'],
    run: (call, vmId, [disk, snapshot]) => revertDiskSnapshot(call, vmId, Number(disk), Number(snapshot)),
  },
  'disk-snapshot-delete': {
    format: ['disk-id', 'snapshot-id'],
    run: (call, vmId, [disk, snapshot]) => deleteDiskSnapshot(call, vmId, Number(disk), Number(snapshot)),
  },
};

/** @throws ApiError */
export function carryOut(call: Call, vmId: number, { action, args }: ScheduledAction): void {
  if (action === 'backup') throw internal('Backups of virtual machines are not supported.');
  const scheduled = WITH_ARGUMENTS[action];
  if (!scheduled) {
    performAction(call, vmId, action);
    return;
  }
  const given = args.split(',').map((arg) => arg.trim());
  const fits = scheduled.format.every((part, i) => (part.endsWith('-id') ? /^\d+$/.test(given[i] ?? '') : given[i]));
  if (!fits) throw internal(`Missing or malformed ARGS for: ${action}. Format: ${scheduled.format.join(', ')}`);
  scheduled.run(call, vmId, given);
}
