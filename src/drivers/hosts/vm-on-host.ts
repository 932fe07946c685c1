/**
 * What a VM is on its host, as all drivers of hosts agree on it: a container named `one-<v>`, files in the system
 * datastore, and the places that the helper keeps for it.
 */
import type { DockerHost } from './docker-hosts.ts';

/** Name of the container, and OpenNebula's deploy id. */
export function containerName(vmId: number | string): string {
  return `one-${vmId}`;
}

/** Name of the container that is to take the place of the VM's own, for a moment. */
export function replacementName(vmId: number | string): string {
  return `${containerName(vmId)}-next`;
}

/** The VM of a container; undefined for containers that are none of ours. */
export function vmIdOfContainer(name: string): number | undefined {
  const [, id] = /^\/?one-(0|[1-9]\d*)$/.exec(name) ?? [];
  return id === undefined ? undefined : Number(id);
}

/** Name, on its host only, of the images that hold system snapshots of a VM: each is a tag. */
export function snapshotRepository(vmId: number | string): string {
  return `onedock/vm-${vmId}`;
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

/**
 * Ends a VM that is suspended, so that its disks are whole and may be moved: its frozen processes would hold them. One that
 * does not run is let go of all the same; the caller holds the lock of the VM.
 * @returns whether it is off; a running one is left alone
 */
export async function endSuspended(host: DockerHost, vmId: number | string, signal?: AbortSignal): Promise<boolean> {
  const name = containerName(vmId);
  const state = (await host.docker.find(name, { signal }))?.State;
  if (state?.Running && !state.Paused) return false;
  if (state?.Paused) {
    await host.docker.kill(name, { signal });
    await host.docker.wait(name, { signal });
  }
  await releaseVm(host, vmId, signal);
  return true;
}
