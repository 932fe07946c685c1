import { defineAction } from '../../contract/action.ts';
import { snapshotRepository } from '../../hosts/vm-on-host.ts';
import { withRunningVm } from './running-vm.ts';
import type { Context } from './services.ts';
import { hypervisorId, removeSnapshotImage, snapshotImage } from './system-snapshots.ts';

/**
 * SNAPSHOT_CREATE: commits the file system of a running container, which stands still meanwhile. Processes and data disks
 * are no part of it.
 * @returns the hypervisor's id of the snapshot
 */
export const snapshot_create = defineAction({
  args: ['deployId', 'snapshotId', 'vmId', 'host'],
  async run({ snapshotId, host: hostName }, context: Context) {
    const { signal } = context;
    const id = hypervisorId(snapshotId);
    return await withRunningVm(hostName, context, async ({ host, vm, name }) => {
      // Of an earlier stay: numbers are given out again.
      await removeSnapshotImage(host, snapshotImage(vm.id, id), signal);
      await host.docker.commit(name, snapshotRepository(vm.id), id, { signal });
      return id;
    });
  },
});
