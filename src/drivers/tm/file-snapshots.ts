/** Snapshots of disks that are files: copies in `disk.<n>.snap`, beside the disk, each named by its number. */
import type { ActionContext } from '../contract/action.ts';
import { copyDisk } from './copy-disk.ts';
import { fail } from './errors.ts';
import { copy, diskState, remove } from './files.ts';
import { checkBelongsToVm, type Location, parseLocation } from './location.ts';
import { openPlace, type TransferServices } from './place.ts';

type Context = ActionContext & TransferServices;

/** Where a snapshot of a disk lies. */
export function snapshotPath({ path }: Pick<Location, 'path'>, snapshotId: string): string {
  if (!/^\d+$/.test(snapshotId)) throw fail('SNAPSHOT_NUMBER_INVALID', { text: snapshotId });
  return `${path}.snap/${snapshotId}`;
}

/** @throws DISK_MISSING */
export async function createFileSnapshot(disk: string, snapshotId: string, vmId: string, context: Context) {
  const at = parseLocation(disk);
  checkBelongsToVm(at, vmId);
  const place = await openPlace(at.machine, context, context.signal);
  await copyDisk(place, at.path, snapshotPath(at, snapshotId), vmId, context.signal);
}

/** Of a VM that is off. @throws SNAPSHOT_MISSING, DISK_IN_USE */
export async function revertToFileSnapshot(disk: string, snapshotId: string, vmId: string, context: Context) {
  const { signal } = context;
  const at = parseLocation(disk);
  checkBelongsToVm(at, vmId);
  const place = await openPlace(at.machine, context, signal);
  const snapshot = snapshotPath(at, snapshotId);
  const [present, kept] = await Promise.all([diskState(place, at.path, signal), diskState(place, snapshot, signal)]);
  if (present === 'mounted') throw fail('DISK_IN_USE', { place: place.name, path: at.path });
  if (kept === 'missing') throw fail('SNAPSHOT_MISSING', { place: place.name, path: snapshot });
  // The disk is whole at any moment.
  await copy(place, snapshot, place, `${at.path}.reverting`, signal);
  await place.run(['mv', '-f', '--', `${at.path}.reverting`, at.path], { signal });
}

/** Succeeds when it is gone. */
export async function deleteFileSnapshot(disk: string, snapshotId: string, vmId: string, context: Context) {
  const at = parseLocation(disk);
  checkBelongsToVm(at, vmId);
  const place = await openPlace(at.machine, context, context.signal);
  await remove(place, snapshotPath(at, snapshotId), context.signal);
}
