import { type ActionContext, defineAction } from '../../contract/action.ts';
import type { HostServices } from '../../hosts/docker-hosts.ts';
import { applyFilters } from './apply-filters.ts';
import { readNetworkDocument } from './network-document.ts';

/**
 * PRE: each bridge is there and up, and has PHYDEV as a port, if the network names one. The filters of the NICs that come
 * are in force before their cables are there, so no frame passes unseen.
 */
export const pre = defineAction({
  args: ['...ignored'],
  async run(_, { document, hosts, signal }: ActionContext & HostServices) {
    const { vmId, host: name, bridges, changes, targets } = readNetworkDocument(document(), 'bridge');
    if (bridges.length === 0) return;
    const host = await hosts.connect(name, signal);
    const ensured = bridges.map(({ bridge, port }) =>
      host.helper('bridge-ensure', port ? [bridge, port] : [bridge], { shared: true, signal }),
    );
    // An alias adds addresses to the filter of a NIC that is there.
    const whose = changes === 'nics' ? { targets } : {};
    const filtered = applyFilters(host, document(), { driver: 'bridge', vmId, ...whose, signal });
    await Promise.all([...ensured, filtered]);
  },
});
