/**
 * Networks that are a Linux bridge on each host. OpenNebula runs network drivers on the host itself; these do the same from
 * the front-end, through the helper there. Cables are plugged in by the virtualization driver when the container has its
 * network namespace. Drivers differ in what leads out of the bridge.
 */
import type { VnmDriver } from '../../contract/families.ts';
import type { HostServices } from '../../hosts/docker-hosts.ts';
import { cleanOf } from './clean.ts';
import type { BridgedNetworks } from './networks.ts';
import { post } from './post.ts';
import { preOf } from './pre.ts';
import { updateNicOf } from './update_nic.ts';
import { updateSgOf } from './update_sg.ts';

export function bridgedDriver(networks: BridgedNetworks) {
  return {
    pre: preOf(networks),
    post,
    clean: cleanOf(networks),
    update_sg: updateSgOf(networks),
    update_nic: updateNicOf(networks),
  } satisfies VnmDriver<HostServices>;
}
