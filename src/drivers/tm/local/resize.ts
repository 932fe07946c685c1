import { type ActionContext, defineAction } from '../../contract/action.ts';
import { growDisk } from '../grow-disk.ts';
import type { TransferServices } from '../place.ts';

/** RESIZE: makes a disk larger while its VM is off. */
export const resize = defineAction({
  args: ['disk', 'sizeMb', 'vmId', 'datastoreId'],
  run: ({ disk, sizeMb, vmId }, context: ActionContext & TransferServices) => growDisk(disk, sizeMb, vmId, context),
});
