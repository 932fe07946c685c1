/** Copies of disks that are files, also of those that a running VM writes to at this moment. */
import type { DockerHost } from '../hosts/docker-hosts.ts';
import { containerName } from '../hosts/vm-on-host.ts';
import { fail } from './errors.ts';
import { copy, diskState } from './files.ts';
import type { Place } from './place.ts';

/**
 * Copies a disk beside itself. A VM that has it mounted stands still meanwhile, so that the copy is of one moment; its file
 * system is as after a power cut, which its journal mends.
 * @throws DISK_MISSING
 */
export async function copyDisk(
  place: Place,
  path: string,
  copyPath: string,
  vmId: string,
  signal: AbortSignal,
): Promise<void> {
  const state = await diskState(place, path, signal);
  if (state === 'missing') throw fail('DISK_MISSING', { place: place.name, path });
  const copied = () => copy(place, path, place, copyPath, signal);
  if (state === 'free' || !place.host) await copied();
  else await standingStill(place.host, vmId, copied, signal);
}

async function standingStill(
  host: DockerHost,
  vmId: string,
  work: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { docker } = host;
  const name = containerName(vmId);
  await using _lock = await host.lock(name, { signal });
  const state = (await docker.find(name, { signal }))?.State;
  await using undo = new AsyncDisposableStack();
  if (state?.Running && !state.Paused) {
    undo.defer(() => docker.unpause(name));
    await docker.pause(name, { signal });
  }
  await host.helper('vm-sync', [vmId], { signal });
  await work();
}
