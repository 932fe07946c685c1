import { type ActionContext, defineAction } from '../../contract/action.ts';
import { bringFile } from '../bring-file.ts';
import type { TransferServices } from '../place.ts';

/** LN: copies the file of a persistent image from the front-end to the host, from where MVDS brings it back. */
export const ln = defineAction({
  args: ['source', 'destination', 'vmId', 'datastoreId'],
  run: ({ source, destination, vmId }, context: ActionContext & TransferServices) =>
    bringFile(source, destination, vmId, context),
});
