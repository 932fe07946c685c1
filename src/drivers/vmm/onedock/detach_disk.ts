import { defineAction } from '../../contract/action.ts';
import { fail } from '../errors.ts';
import { withRunningVm } from './running-vm.ts';
import type { Context } from './services.ts';
import { diskIdOfPath } from './vm.ts';

/**
 * DETACH_DISK: unmounts a disk of a running container, so that its file is whole. Succeeds when it is not mounted.
 * @throws ROOT_DISK_STAYS, HELPER_FAILED while a process of the VM has a file or directory of the disk open
 */
export const detach_disk = defineAction({
  args: ['deployId', 'disk', 'target', 'targetIndex', 'vmId', 'host'],
  async run({ disk, host: hostName }, context: Context) {
    await withRunningVm(hostName, context, async ({ host, vm }) => {
      const diskId = diskIdOfPath(disk);
      if (diskId === undefined || diskId === vm.rootDisk) throw fail('ROOT_DISK_STAYS', { vmId: vm.id, path: disk });
      await host.helper('disk-detach', [`${vm.id}`, `${diskId}`], { signal: context.signal });
    });
  },
});
