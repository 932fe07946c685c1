import { defineAction } from '../../contract/action.ts';
import { vmOfRequest } from './running-vm.ts';
import type { Context } from './services.ts';
import { removeSnapshotImage, snapshotImage } from './system-snapshots.ts';

/** SNAPSHOT_DELETE: removes a snapshot. Succeeds when it is gone. */
export const snapshot_delete = defineAction({
  args: ['deployId', 'hypervisorId', 'vmId', 'host'],
  async run({ hypervisorId, host: hostName }, context: Context) {
    const { hosts, signal } = context;
    const image = snapshotImage(vmOfRequest(context).id, hypervisorId);
    await removeSnapshotImage(await hosts.connect(hostName, signal), image, signal);
  },
});
