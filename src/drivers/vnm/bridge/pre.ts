import { type ActionContext, defineAction } from '../../contract/action.ts';
import type { HostServices } from '../../hosts/docker-hosts.ts';
import { readNetworkDocument } from './network-document.ts';

/** PRE: each bridge is there and up, and has PHYDEV as a port, if the network names one. */
export const pre = defineAction({
  args: ['...ignored'],
  async run(_, { document, hosts, signal }: ActionContext & HostServices) {
    const { host: name, bridges } = readNetworkDocument(document(), 'bridge');
    if (bridges.length === 0) return;
    const host = await hosts.connect(name, signal);
    const ensured = bridges.map(({ bridge, port }) =>
      host.helper('bridge-ensure', port ? [bridge, port] : [bridge], { shared: true, signal }),
    );
    await Promise.all(ensured);
  },
});
