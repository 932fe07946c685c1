import { ActionFailure, defineAction } from '../../contract/action.ts';
import { growDisk } from '../grow-disk.ts';
import { diskIdOf, parseLocation } from '../location.ts';
import type { Context } from './services.ts';

/** RESIZE: makes a data disk larger while its VM is off. The root disk of a container has no size of its own. */
export const resize = defineAction({
  args: ['disk', 'sizeMb', 'vmId', 'datastoreId'],
  async run({ disk, sizeMb, vmId }, context: Context) {
    if (diskIdOf(parseLocation(disk)) === 0) {
      throw new ActionFailure('resize: Operation not supported. The root disk of a container is as large as its host.');
    }
    await growDisk(disk, sizeMb, vmId, context);
  },
});
