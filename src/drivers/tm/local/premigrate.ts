import { find, findAll } from '../../../opennebula/xml.ts';
import { defineAction } from '../../contract/action.ts';
import type { HostServices } from '../../hosts/docker-hosts.ts';
import { findObstacles, refuseUnlessFree } from '../../hosts/live-migration.ts';
import { containerName } from '../../hosts/vm-on-host.ts';

type Arg = 'sourceHost' | 'destinationHost' | 'directory' | 'vmId' | 'datastoreId';

/**
 * PREMIGRATE: whether a VM can be moved while it runs, before anything is done to it. Disks travel while it stands still, and so with
 * its processes (MIGRATE of the virtualization driver).
 * @throws ActionFailure with all that is in the way
 */
export const premigrate = defineAction<Arg, HostServices>({
  args: ['sourceHost', 'destinationHost', 'directory', 'vmId', 'datastoreId'],
  async run({ sourceHost, destinationHost, vmId }, { document, hosts, signal }) {
    const [from, to] = await Promise.all([hosts.connect(sourceHost, signal), hosts.connect(destinationHost, signal)]);
    const container = await from.docker.find(containerName(vmId), { signal });
    const vm = find(document(), 'VM') ?? document();
    const hasSnapshots = findAll(vm, 'TEMPLATE/SNAPSHOT').length > 0;
    refuseUnlessFree('premigrate', await findObstacles({ from, to, container, hasSnapshots }, signal));
  },
});
