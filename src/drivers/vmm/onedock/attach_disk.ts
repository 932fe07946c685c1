import { defineAction } from '../../contract/action.ts';
import { fail } from '../errors.ts';
import { diskMode } from './disk-mode.ts';
import { withRunningVm } from './running-vm.ts';
import type { Context } from './services.ts';
import { diskIdOfPath } from './vm.ts';

/**
 * ATTACH_DISK: mounts a disk that the transfer driver has brought to the host. It appears in the running container as
 * `/media/<n>`. May be repeated.
 * @param disk  path on the host, `…/disk.<n>`
 * @throws DISK_NOT_MOUNTABLE for swap, SECOND_CONTAINER_IMAGE, DISK_FORMAT_UNSUPPORTED, HELPER_FAILED
 */
export const attach_disk = defineAction({
  args: ['deployId', 'disk', 'target', 'targetIndex', 'document', 'vmId', 'host'],
  async run({ disk, host: hostName }, context: Context) {
    await withRunningVm(hostName, context, async ({ host, vm }) => {
      const diskId = diskIdOfPath(disk);
      const attached = vm.dataDisks.find(({ id }) => id === diskId);
      if (!attached) throw fail('DISK_NOT_MOUNTABLE', { vmId: vm.id, path: disk });
      const { signal } = context;
      const mode = await diskMode(host, attached, signal);
      await host.helper('disk-attach', [`${vm.id}`, `${diskId}`, attached.path, mode], { signal });
    });
  },
});
