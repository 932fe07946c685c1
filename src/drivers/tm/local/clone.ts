import { type ActionContext, defineAction } from '../../contract/action.ts';
import { bringFile } from '../bring-file.ts';
import type { TransferServices } from '../place.ts';

/** CLONE: copies the file of an image from the front-end to the host. */
export const clone = defineAction({
  args: ['source', 'destination', 'vmId', 'datastoreId'],
  run: ({ source, destination, vmId }, context: ActionContext & TransferServices) =>
    bringFile(source, destination, vmId, context),
});
