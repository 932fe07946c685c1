/**
 * VMs that follow a security group or a network, by how far its last change has reached them: those it has reached,
 * those it has yet to reach, those on whose hosts it is being applied, and those where that failed
 * (ObjectCollection of src/secgroup/SecurityGroup.cc and src/vnm/VirtualNetwork.cc, 7.4).
 */
import type { Cloud } from '../store/cloud.ts';

export type FollowedKind = 'secgroup' | 'vnet';

const REACHES = ['updated', 'outdated', 'updating', 'error'] as const;
export type Reach = (typeof REACHES)[number];

export function followers({ links }: Cloud, kind: FollowedKind, id: number, reach: Reach): ReadonlySet<number> {
  return links.of(`${kind}.${reach}`, id);
}

/** Whether the VM is among them, however far the change has come. */
export function follows(cloud: Cloud, kind: FollowedKind, id: number, vmId: number): boolean {
  return REACHES.some((reach) => followers(cloud, kind, id, reach).has(vmId));
}

/** Within a transaction. */
export function setReach(cloud: Cloud, kind: FollowedKind, id: number, vmId: number, reach: Reach): void {
  unfollow(cloud, kind, id, vmId);
  cloud.links.add(`${kind}.${reach}`, id, vmId);
}

/** Within a transaction. */
export function unfollow({ links }: Cloud, kind: FollowedKind, id: number, vmId: number): void {
  for (const reach of REACHES) links.remove(`${kind}.${reach}`, id, vmId);
}

/** The change has to be brought to all VMs, or to those that it has not reached. Within a transaction. */
export function outdate(cloud: Cloud, kind: FollowedKind, id: number, which: 'all' | 'unreached'): void {
  const reached = which === 'all' ? (['updated'] as const) : [];
  for (const reach of [...reached, 'updating', 'error'] as const) {
    for (const vmId of [...followers(cloud, kind, id, reach)]) setReach(cloud, kind, id, vmId, 'outdated');
  }
}

/** The VM that the change is brought to next. */
export function nextOutdated(cloud: Cloud, kind: FollowedKind, id: number): number | undefined {
  const waiting = followers(cloud, kind, id, 'outdated');
  return waiting.size === 0 ? undefined : Math.min(...waiting);
}
