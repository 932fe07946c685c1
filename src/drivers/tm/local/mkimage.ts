import { type ActionContext, defineAction } from '../../contract/action.ts';
import type { TransferServices } from '../place.ts';
import { makeVolatileDisk } from '../volatile-disk.ts';

/** MKIMAGE: makes a volatile disk of so many MB on the host, with the file system that its DISK names. */
export const mkimage = defineAction({
  args: ['sizeMb', 'format', 'destination', 'vmId', 'datastoreId'],
  run: ({ sizeMb, format, destination, vmId }, context: ActionContext & TransferServices) =>
    makeVolatileDisk({ sizeMb: Number(sizeMb), format, destination, vmId }, context),
});
