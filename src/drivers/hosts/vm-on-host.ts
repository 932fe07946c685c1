/**
 * What a VM is on its host, as all drivers of hosts agree on it: a container named `one-<v>`, files in the system
 * datastore, and the places that the helper keeps for it.
 */
import type { DockerHost } from './docker-hosts.ts';

/** Name of the container, and OpenNebula's deploy id. */
export function containerName(vmId: number | string): string {
  return `one-${vmId}`;
}

/** The VM of a container; undefined for containers that are none of ours. */
export function vmIdOfContainer(name: string): number | undefined {
  const [, id] = /^\/?one-(0|[1-9]\d*)$/.exec(name) ?? [];
  return id === undefined ? undefined : Number(id);
}

/** Labels of a container that is a VM. */
export const LABEL = { vm: 'org.onedock.vm', image: 'org.onedock.image' } as const;

/**
 * Lets go of the disks of a VM whose container has ended, so that their files are whole and may be moved. Repeatable.
 * The caller holds the lock of the VM.
 */
export async function releaseVm(host: DockerHost, vmId: number | string, signal?: AbortSignal): Promise<void> {
  await host.helper('vm-release', [String(vmId)], { signal });
}
