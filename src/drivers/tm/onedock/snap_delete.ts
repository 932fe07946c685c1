import { defineAction } from '../../contract/action.ts';
import { deleteFileSnapshot } from '../file-snapshots.ts';
import { diskIdOf, parseLocation } from '../location.ts';
import { deleteRootSnapshot } from './root-snapshots.ts';
import type { Context } from './services.ts';

/** SNAP_DELETE: removes a snapshot. Succeeds when it is gone; the disk stays as it is. */
export const snap_delete = defineAction({
  args: ['disk', 'snapshotId', 'vmId', 'datastoreId'],
  async run({ disk, snapshotId, vmId }, context: Context) {
    const work = diskIdOf(parseLocation(disk)) === 0 ? deleteRootSnapshot : deleteFileSnapshot;
    await work(disk, snapshotId, vmId, context);
  },
});
