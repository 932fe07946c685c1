import { type ActionContext, defineAction } from '../../contract/action.ts';
import { cableFields, readCable } from '../../hosts/cable.ts';
import type { HostServices } from '../../hosts/docker-hosts.ts';
import { readNicFilters } from '../../hosts/nic-filter.ts';
import { containerName } from '../../hosts/vm-on-host.ts';
import { ensureNetworks } from './ensure-networks.ts';
import { readNetworkDocument } from './network-document.ts';
import type { BridgedNetworks } from './networks.ts';

/**
 * UPDATE_NIC: the cables of a running VM into a network get the bridge, MTU and rates that the document has by now, and the
 * network leads where that says. Addresses and filters do not change. A VM that does not run gets them when it starts.
 */
export const updateNicOf = ({ name: driver, readUplink }: BridgedNetworks) =>
  defineAction({
    args: ['deployId', 'networkId'],
    async run({ networkId }, { document, hosts, signal }: ActionContext & HostServices) {
      const { vmId, host: name, nics } = readNetworkDocument(document(), driver);
      const changed = nics.filter((nic) => nic.NETWORK_ID === networkId);
      if (changed.length === 0) return;
      const host = await hosts.connect(name, signal);
      const container = containerName(vmId);
      await using _lock = await host.lock(container, { signal });
      const state = (await host.docker.find(container, { signal }))?.State;
      if (!state?.Running) return;
      await ensureNetworks(host, { vmId, nics: changed }, readUplink, { signal, moved: true });
      const filters = readNicFilters(document(), (nic) => nic.VN_MAD === driver);
      for (const nic of changed) {
        const filtered = filters.some(({ target, lines }) => target === nic.TARGET && lines.length > 0);
        const word = cableFields(readCable(nic, filtered)).join(',');
        await host.helper('nic-plug', [vmId, `${state.Pid}`, word], { signal });
      }
    },
  });
