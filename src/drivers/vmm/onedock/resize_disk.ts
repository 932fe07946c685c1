import { defineAction } from '../../contract/action.ts';
import { fail } from '../errors.ts';
import { diskMode } from './disk-mode.ts';
import { withRunningVm } from './running-vm.ts';
import type { Context } from './services.ts';

/**
 * RESIZE_DISK: the file of a mounted disk has grown; its loop device and file system grow with it while processes use
 * them. File systems that cannot (vfat) keep their size until they are made anew.
 * @throws DISK_NOT_MOUNTABLE, HELPER_FAILED
 */
export const resize_disk = defineAction({
  args: ['deployId', 'diskId', 'sizeMb', 'document', 'host', 'vmId', 'host'],
  async run({ diskId, host: hostName }, context: Context) {
    await withRunningVm(hostName, context, async ({ host, vm }) => {
      const disk = vm.dataDisks.find(({ id }) => `${id}` === diskId);
      if (!disk) throw fail('DISK_NOT_MOUNTABLE', { vmId: vm.id, path: `disk.${diskId}` });
      const { signal } = context;
      await host.helper('disk-grow', [`${vm.id}`, diskId, await diskMode(host, disk, signal)], { signal });
    });
  },
});
