import { defineAction } from '../../contract/action.ts';
import { bringDisk } from './bring-disk.ts';
import type { Context } from './services.ts';

/** CLONE: makes the image ready on the host, for a container of its own. */
export const clone = defineAction({
  args: ['source', 'destination', 'vmId', 'datastoreId'],
  run: ({ source, destination, vmId }, context: Context) => bringDisk(source, destination, vmId, context),
});
