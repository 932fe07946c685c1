import { posix } from 'node:path';
import type { ActionContext } from '../contract/action.ts';
import { containerName, endSuspended } from '../hosts/vm-on-host.ts';
import { fail } from './errors.ts';
import { copy, diskState, exists, listNames, remove } from './files.ts';
import { checkBelongsToVm, isDirectoryOfVm, type Location, parseLocation } from './location.ts';
import { openPlace, type Place, type TransferServices } from './place.ts';

export interface Ends {
  readonly from: Place;
  readonly to: Place;
}

/** MV of files: a disk, or at last the VM's directory. May be repeated. @throws DISK_MISSING */
export async function moveFiles(
  source: string,
  destination: string,
  vmId: string,
  context: ActionContext & TransferServices,
): Promise<void> {
  const [from, to] = [parseLocation(source), parseLocation(destination)];
  for (const end of [from, to]) checkBelongsToVm(end, vmId);
  const ends = await openEnds(from, to, context, context.signal);
  const move = isDirectoryOfVm(from, vmId) ? moveDirectory : moveDisk;
  await move(ends, from.path, to.path, vmId, context.signal);
}

/** Opens both ends of a move side by side. */
export async function openEnds(
  from: Location,
  to: Location,
  services: TransferServices,
  signal: AbortSignal,
): Promise<Ends> {
  const [source, destination] = await Promise.all([
    openPlace(from.machine, services, signal),
    openPlace(to.machine, services, signal),
  ]);
  return { from: source, to: destination };
}

/**
 * Moves a disk that is a file. One that a suspended VM holds is let go first, which ends the VM. A source that is gone is
 * taken for a move that was done before, when its destination is there.
 * @throws DISK_MISSING, DISK_IN_USE
 */
export async function moveDisk(
  { from, to }: Ends,
  source: string,
  destination: string,
  vmId: string,
  signal: AbortSignal,
): Promise<void> {
  if (from.name === to.name && source === destination) return;
  const state = await diskState(from, source, signal);
  if (state === 'mounted') await letGo(from, source, vmId, signal);
  if (state !== 'missing') {
    await copy(from, source, to, destination, signal);
    await remove(from, source, signal);
  } else if (!(await exists(to, destination, signal))) {
    throw fail('DISK_MISSING', { place: from.name, path: source });
  }
}

async function letGo({ host, name }: Place, path: string, vmId: string, signal: AbortSignal): Promise<void> {
  await using _lock = await host?.lock(containerName(vmId), { signal });
  if (!host || !(await endSuspended(host, vmId, signal))) throw fail('DISK_IN_USE', { place: name, path });
}

/** Moves what is left of a VM's directory: its disks have gone ahead. */
async function moveDirectory(
  { from, to }: Ends,
  source: string,
  destination: string,
  _vmId: string,
  signal: AbortSignal,
): Promise<void> {
  if (from.name === to.name && source === destination) return;
  const names = await listNames(from, source, signal);
  const paths = names.map((name) => [posix.join(source, name), posix.join(destination, name)] as const);
  await Promise.all(paths.map(([path, target]) => copy(from, path, to, target, signal)));
  await remove(from, source, signal);
}
