import { type ActionContext, defineAction } from '../../contract/action.ts';
import type { HostServices } from '../../hosts/docker-hosts.ts';
import { applyFilters } from './apply-filters.ts';
import { readNetworkDocument } from './network-document.ts';
import type { BridgedNetworks } from './networks.ts';

/** UPDATE_SG: the NICs of a running VM follow the rules that the document has by now, all at once. What goes on goes on. */
export const updateSgOf = ({ name: driver }: BridgedNetworks) =>
  defineAction({
    args: ['deployId'],
    async run(_, { document, hosts, signal }: ActionContext & HostServices) {
      const { vmId, host: name, nics } = readNetworkDocument(document(), driver);
      if (nics.length === 0) return;
      const host = await hosts.connect(name, signal);
      await applyFilters(host, document(), { driver, vmId, loosen: true, signal });
    },
  });
