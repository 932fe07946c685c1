/**
 * Networks that are a Linux bridge on each host. OpenNebula runs network drivers on the host itself; this one does the
 * same from the front-end, through the helper there. Cables are plugged in by the virtualization driver when the
 * container has its network namespace.
 */
import type { VnmDriver } from '../../contract/families.ts';
import type { HostServices } from '../../hosts/docker-hosts.ts';
import { clean } from './clean.ts';
import { post } from './post.ts';
import { pre } from './pre.ts';
import { update_nic } from './update_nic.ts';
import { update_sg } from './update_sg.ts';

export const bridge = {
  pre,
  post,
  clean,
  update_sg,
  update_nic,
} satisfies VnmDriver<HostServices>;
