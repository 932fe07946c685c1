import { type ActionContext, defineAction } from '../../contract/action.ts';
import type { TransferServices } from '../place.ts';
import { makeSwapDisk } from '../volatile-disk.ts';

/** MKSWAP: makes a volatile swap disk of so many MB on the host. */
export const mkswap = defineAction({
  args: ['sizeMb', 'destination', 'vmId', 'datastoreId'],
  run: ({ sizeMb, destination, vmId }, context: ActionContext & TransferServices) =>
    makeSwapDisk({ sizeMb: Number(sizeMb), destination, vmId }, context),
});
