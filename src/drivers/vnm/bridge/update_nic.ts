import { findAll, leaves } from '../../../opennebula/xml.ts';
import { type ActionContext, defineAction } from '../../contract/action.ts';
import type { HostServices } from '../../hosts/docker-hosts.ts';
import { containerName } from '../../hosts/vm-on-host.ts';
import { readNetworkDocument } from './network-document.ts';

/**
 * UPDATE_NIC: the cables of a running VM into a network get the bridge and MTU that the network has by now. Addresses do not
 * change. A VM that does not run gets them when it starts.
 */
export const update_nic = defineAction({
  args: ['deployId', 'networkId'],
  async run({ networkId }, { document, hosts, signal }: ActionContext & HostServices) {
    const { vmId, host: name } = readNetworkDocument(document(), 'bridge');
    const nics = findAll(document(), 'TEMPLATE/NIC').map(leaves);
    const changed = nics.filter((nic) => nic.VN_MAD === 'bridge' && nic.NETWORK_ID === networkId);
    if (changed.length === 0) return;
    const host = await hosts.connect(name, signal);
    const container = containerName(vmId);
    await using _lock = await host.lock(container, { signal });
    const state = (await host.docker.find(container, { signal }))?.State;
    if (!state?.Running) return;
    for (const { TARGET = '', BRIDGE = '', MAC = '', GUEST_MTU, MTU } of changed) {
      const word = [TARGET, BRIDGE, MAC.toLowerCase(), Number(GUEST_MTU || MTU) || DEFAULT_MTU].join(',');
      await host.helper('nic-plug', [vmId, `${state.Pid}`, word], { signal });
    }
  },
});

const DEFAULT_MTU = 1500;
