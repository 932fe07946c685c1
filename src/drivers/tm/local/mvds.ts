import { type ActionContext, defineAction } from '../../contract/action.ts';
import type { TransferServices } from '../place.ts';
import { returnFile } from '../return-file.ts';

/** MVDS: writes the disk of a persistent image back into the image. */
export const mvds = defineAction({
  args: ['disk', 'source', 'vmId', 'datastoreId'],
  run: ({ disk, source, vmId }, context: ActionContext & TransferServices) => returnFile(disk, source, vmId, context),
});
