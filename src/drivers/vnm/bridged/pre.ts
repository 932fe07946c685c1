import { type ActionContext, defineAction } from '../../contract/action.ts';
import type { HostServices } from '../../hosts/docker-hosts.ts';
import { applyFilters } from './apply-filters.ts';
import { ensureNetworks } from './ensure-networks.ts';
import { readNetworkDocument } from './network-document.ts';
import type { BridgedNetworks } from './networks.ts';

/**
 * PRE: each bridge is there and up, with what leads out of it. The filters of the NICs that come are in force before their
 * cables are there, so no frame passes unseen.
 */
export const preOf = ({ name: driver, readUplink }: BridgedNetworks) =>
  defineAction({
    args: ['...ignored'],
    async run(_, { document, hosts, signal }: ActionContext & HostServices) {
      const { vmId, host: name, nics, changes, targets } = readNetworkDocument(document(), driver);
      if (nics.length === 0) return;
      const host = await hosts.connect(name, signal);
      // An alias adds addresses to the filter of a NIC that is there.
      const whose = changes === 'nics' ? { targets } : {};
      const filtered = applyFilters(host, document(), { driver, vmId, ...whose, signal });
      await Promise.all([ensureNetworks(host, { vmId, nics }, readUplink, { signal }), filtered]);
    },
  });
