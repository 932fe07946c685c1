import { posix } from 'node:path';
import type { ActionContext } from '../contract/action.ts';
import { remove } from './files.ts';
import { checkBelongsToVm, parseLocation } from './location.ts';
import { moveDisk } from './move-files.ts';
import { FRONTEND, openPlace, type TransferServices } from './place.ts';

/** MVDS of a disk that is a file: it takes the place of the image, and is gone from the host. @throws DISK_MISSING */
export async function returnFile(
  disk: string,
  source: string,
  vmId: string,
  context: ActionContext & TransferServices,
): Promise<void> {
  const at = parseLocation(disk);
  checkBelongsToVm(at, vmId);
  const place = await openPlace(at.machine, context, context.signal);
  await moveDisk({ from: place, to: FRONTEND }, at.path, posix.normalize(source), vmId, context.signal);
  await remove(place, `${at.path}.snap`, context.signal);
}
