import { type ActionContext, defineAction } from '../../contract/action.ts';
import { createFileSnapshot } from '../file-snapshots.ts';
import type { TransferServices } from '../place.ts';

/** SNAP_CREATE_LIVE: copies a disk of a running VM, which stands still meanwhile. */
export const snap_create_live = defineAction({
  args: ['disk', 'snapshotId', 'vmId', 'datastoreId'],
  run: ({ disk, snapshotId, vmId }, context: ActionContext & TransferServices) =>
    createFileSnapshot(disk, snapshotId, vmId, context),
});
