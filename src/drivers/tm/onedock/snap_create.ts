import { defineAction } from '../../contract/action.ts';
import { createFileSnapshot } from '../file-snapshots.ts';
import { diskIdOf, parseLocation } from '../location.ts';
import { createRootSnapshot } from './root-snapshots.ts';
import type { Context } from './services.ts';

/** SNAP_CREATE: takes a snapshot of a disk of a VM that is off or suspended. */
export const snap_create = defineAction({
  args: ['disk', 'snapshotId', 'vmId', 'datastoreId'],
  async run({ disk, snapshotId, vmId }, context: Context) {
    const work = diskIdOf(parseLocation(disk)) === 0 ? createRootSnapshot : createFileSnapshot;
    await work(disk, snapshotId, vmId, context);
  },
});
