import { defineAction } from '../../contract/action.ts';
import { revertToFileSnapshot } from '../file-snapshots.ts';
import { diskIdOf, parseLocation } from '../location.ts';
import { revertToRootSnapshot } from './root-snapshots.ts';
import type { Context } from './services.ts';

/** SNAP_REVERT: takes a disk of a VM that is off back to a snapshot, which stays. */
export const snap_revert = defineAction({
  args: ['disk', 'snapshotId', 'vmId', 'datastoreId'],
  async run({ disk, snapshotId, vmId }, context: Context) {
    const work = diskIdOf(parseLocation(disk)) === 0 ? revertToRootSnapshot : revertToFileSnapshot;
    await work(disk, snapshotId, vmId, context);
  },
});
