import { defineAction } from '../../contract/action.ts';
import { containerName } from '../../hosts/vm-on-host.ts';
import { fail } from '../errors.ts';
import { ensureRunning } from './ensure-running.ts';
import { replaceContainer } from './replace-container.ts';
import { vmOfRequest } from './running-vm.ts';
import type { Context } from './services.ts';
import { snapshotImage } from './system-snapshots.ts';

/**
 * SNAPSHOT_REVERT: starts the VM anew from a snapshot of its container's file system, with the same addresses; data disks
 * stay as they are. May be repeated.
 * @throws SNAPSHOT_GONE, whatever `ensureRunning` does
 */
export const snapshot_revert = defineAction({
  args: ['deployId', 'hypervisorId', 'vmId', 'host'],
  async run({ hypervisorId, host: hostName }, context: Context) {
    const { hosts, signal } = context;
    const vm = vmOfRequest(context);
    const image = snapshotImage(vm.id, hypervisorId);
    const host = await hosts.connect(hostName, signal);
    await using _lock = await host.lock(containerName(vm.id), { signal });
    if (!(await host.docker.findImage(image, { signal })))
      throw fail('SNAPSHOT_GONE', { vmId: vm.id, snapshot: hypervisorId, host: host.name });
    await replaceContainer(host, vm, image, context);
    await ensureRunning(host, vm, context);
  },
});
