import { type ActionContext, defineAction } from '../../contract/action.ts';
import { deleteFileSnapshot } from '../file-snapshots.ts';
import type { TransferServices } from '../place.ts';

/** SNAP_DELETE: removes a snapshot. Succeeds when it is gone; the disk stays as it is. */
export const snap_delete = defineAction({
  args: ['disk', 'snapshotId', 'vmId', 'datastoreId'],
  run: ({ disk, snapshotId, vmId }, context: ActionContext & TransferServices) =>
    deleteFileSnapshot(disk, snapshotId, vmId, context),
});
