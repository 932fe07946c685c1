import type { ActionContext } from '../contract/action.ts';
import { remove } from './files.ts';
import { checkBelongsToVm, diskIdOf, parseLocation } from './location.ts';
import { openPlace, type TransferServices } from './place.ts';

/** DELETE: removes a file or the directory of a VM. Succeeds when nothing is there. @throws PATH_NOT_OF_VM */
export async function deleteFiles(
  target: string,
  vmId: string,
  context: ActionContext & TransferServices,
): Promise<void> {
  const at = parseLocation(target);
  checkBelongsToVm(at, vmId);
  const place = await openPlace(at.machine, context, context.signal);
  // A disk takes its snapshots along.
  const paths = diskIdOf(at) === undefined ? at.path : [at.path, `${at.path}.snap`];
  await remove(place, paths, context.signal);
}
