import { defineAction } from '../../contract/action.ts';
import { bringDisk } from './bring-disk.ts';
import type { Context } from './services.ts';

/** LN: the same as CLONE, for a persistent image: what its container writes is saved by MVDS. */
export const ln = defineAction({
  args: ['source', 'destination', 'vmId', 'datastoreId'],
  run: ({ source, destination, vmId }, context: Context) => bringDisk(source, destination, vmId, context),
});
