/**
 * Networks that are a Linux bridge on each host. OpenNebula runs network drivers on the host itself; this one does the
 * same from the front-end, through the helper there. Cables are plugged in by the virtualization driver when the
 * container has its network namespace.
 */
import { defineAction, unsupported } from '../../contract/action.ts';
import type { VnmDriver } from '../../contract/families.ts';
import type { HostServices } from '../../hosts/docker-hosts.ts';
import { readNetworkDocument } from './network-document.ts';

export const DRIVER = 'bridge';

/** PRE: each bridge is there and up, and has PHYDEV as a port, if the network names one. */
const pre = defineAction<'...ignored', HostServices>({
  args: ['...ignored'],
  async run(_, { document, hosts, signal }) {
    const { host: name, bridges } = readNetworkDocument(document(), DRIVER);
    const host = await hosts.connect(name, signal);
    await Promise.all(
      bridges.map(({ bridge, port }) => host.helper('bridge-ensure', port ? [bridge, port] : [bridge], { signal })),
    );
  },
});

/** POST: nothing is left to do; a bridge asks for no more. */
const post = defineAction<'...ignored', HostServices>({
  args: ['...ignored'],
  run: async () => {},
});

/** CLEAN: the VM's cables are gone. The bridge stays: others may use it, and it costs nothing. */
const clean = defineAction<'...ignored', HostServices>({
  args: ['...ignored'],
  async run(_, { document, hosts, signal }) {
    const { vmId, host: name, targets } = readNetworkDocument(document(), DRIVER);
    if (targets.length === 0) return;
    const host = await hosts.connect(name, signal);
    await host.helper('nic-unplug', [vmId, ...targets], { signal });
  },
});

export const bridge = {
  pre,
  post,
  clean,
  update_sg: unsupported('update_sg', 'Bridges of this driver have no security groups.'),
  update_nic: unsupported('update_nic', 'Power the VM off and resume it, so that its NICs are plugged in anew.'),
} satisfies VnmDriver<HostServices>;
