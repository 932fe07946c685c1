import { type ActionContext, defineAction } from '../../contract/action.ts';
import type { TransferServices } from '../place.ts';
import { saveFileAs } from '../save-file-as.ts';

/** CPDS: saves a copy of a disk, or of a snapshot of it, as the file of another image. */
export const cpds = defineAction({
  args: ['disk', 'source', 'snapshotId', 'vmId', 'datastoreId'],
  run: ({ disk, source, snapshotId, vmId }, context: ActionContext & TransferServices) =>
    saveFileAs(disk, source, snapshotId, vmId, context),
});
