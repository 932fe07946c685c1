import { posix } from 'node:path';
import type { ActionContext } from '../contract/action.ts';
import { copyDisk } from './copy-disk.ts';
import { fail } from './errors.ts';
import { snapshotPath } from './file-snapshots.ts';
import { copy, diskState, remove } from './files.ts';
import { checkBelongsToVm, parseLocation } from './location.ts';
import { FRONTEND, openPlace, type TransferServices } from './place.ts';

/**
 * CPDS of a disk that is a file, or of a snapshot of it: a copy becomes the file of an image on the front-end. A running VM
 * stands still only while it is copied on its host.
 * @param snapshotId  `-1` for the disk as it is
 * @throws DISK_MISSING, SNAPSHOT_MISSING
 */
export async function saveFileAs(
  disk: string,
  source: string,
  snapshotId: string,
  vmId: string,
  context: ActionContext & TransferServices,
): Promise<void> {
  const { signal } = context;
  const at = parseLocation(disk);
  checkBelongsToVm(at, vmId);
  const place = await openPlace(at.machine, context, signal);
  const image = posix.normalize(source);
  if (snapshotId !== '-1') {
    const snapshot = snapshotPath(at, snapshotId);
    if ((await diskState(place, snapshot, signal)) === 'missing')
      throw fail('SNAPSHOT_MISSING', { place: place.name, path: snapshot });
    return copy(place, snapshot, FRONTEND, image, signal);
  }
  const waiting = `${at.path}.saving`;
  try {
    await copyDisk(place, at.path, waiting, vmId, signal);
    await copy(place, waiting, FRONTEND, image, signal);
  } finally {
    await remove(place, waiting, AbortSignal.timeout(CLEAN_UP_MS));
  }
}

/** What was begun is removed also when the request was given up. */
const CLEAN_UP_MS = 30_000;
