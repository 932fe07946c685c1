import { type ActionContext, defineAction } from '../../contract/action.ts';
import { moveFiles } from '../move-files.ts';
import type { TransferServices } from '../place.ts';

/** MV: moves a disk, or what is left of the VM's directory, between hosts or to and from the front-end. */
export const mv = defineAction({
  args: ['source', 'destination', 'vmId', 'datastoreId'],
  run: ({ source, destination, vmId }, context: ActionContext & TransferServices) =>
    moveFiles(source, destination, vmId, context),
});
