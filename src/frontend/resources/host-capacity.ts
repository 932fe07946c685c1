/** Capacity of hosts, promised to VMs. */
import { bookCapacity, type Capacity, type Host, releaseCapacity, resizeCapacity } from '../objects/host.ts';
import type { Cloud } from '../store/cloud.ts';

/** Promises capacity and lists the VM on the host; it is not asked whether it fits. Within a transaction. */
export function bookHost(cloud: Cloud, hostId: number, vmId: number, capacity: Capacity): void {
  if (cloud.links.of('host.vms', hostId).has(vmId)) return;
  withHost(cloud, hostId, (host) => bookCapacity(host, capacity));
  cloud.links.add('host.vms', hostId, vmId);
}

/** Gives a promise back; does nothing when there is none. Within a transaction. */
export function releaseHost(cloud: Cloud, hostId: number, vmId: number, capacity: Capacity): void {
  if (!cloud.links.of('host.vms', hostId).has(vmId)) return;
  withHost(cloud, hostId, (host) => releaseCapacity(host, capacity));
  cloud.links.remove('host.vms', hostId, vmId);
}

/** Changes the promise to a VM that is on the host. Within a transaction. */
export function resizeOnHost(cloud: Cloud, hostId: number, from: Capacity, to: Capacity): void {
  withHost(cloud, hostId, (host) => resizeCapacity(host, from, to));
}

function withHost(cloud: Cloud, hostId: number, change: (host: Host) => Host): void {
  const host = cloud.pools.host.get(hostId);
  if (host) cloud.pools.host.put(change(host));
}
