import { type ActionContext, defineAction } from '../../contract/action.ts';
import type { HostServices } from '../../hosts/docker-hosts.ts';
import { readNetworkDocument } from './network-document.ts';

/** CLEAN: the VM's cables are gone. The bridge stays: others may use it, and it costs nothing. */
export const clean = defineAction({
  args: ['...ignored'],
  async run(_, { document, hosts, signal }: ActionContext & HostServices) {
    const { vmId, host: name, targets } = readNetworkDocument(document(), 'bridge');
    if (targets.length === 0) return;
    const host = await hosts.connect(name, signal);
    await host.helper('nic-unplug', [vmId, ...targets], { signal });
  },
});
