import { type ActionContext, defineAction } from '../../contract/action.ts';
import { createFileSnapshot } from '../file-snapshots.ts';
import type { TransferServices } from '../place.ts';

/** SNAP_CREATE: copies a disk of a VM that is off or suspended. */
export const snap_create = defineAction({
  args: ['disk', 'snapshotId', 'vmId', 'datastoreId'],
  run: ({ disk, snapshotId, vmId }, context: ActionContext & TransferServices) =>
    createFileSnapshot(disk, snapshotId, vmId, context),
});
