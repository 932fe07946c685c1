import { type ActionContext, defineAction } from '../../contract/action.ts';
import { deleteFiles } from '../delete-files.ts';
import type { TransferServices } from '../place.ts';

/** DELETE: removes a disk, or the VM's directory with all that is in it. Succeeds when nothing is there. */
export const del = defineAction({
  args: ['target', 'vmId', 'datastoreId'],
  run: ({ target, vmId }, context: ActionContext & TransferServices) => deleteFiles(target, vmId, context),
});
