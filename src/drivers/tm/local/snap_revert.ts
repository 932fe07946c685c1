import { type ActionContext, defineAction } from '../../contract/action.ts';
import { revertToFileSnapshot } from '../file-snapshots.ts';
import type { TransferServices } from '../place.ts';

/** SNAP_REVERT: takes a disk of a VM that is off back to a snapshot, which stays. */
export const snap_revert = defineAction({
  args: ['disk', 'snapshotId', 'vmId', 'datastoreId'],
  run: ({ disk, snapshotId, vmId }, context: ActionContext & TransferServices) =>
    revertToFileSnapshot(disk, snapshotId, vmId, context),
});
