import { defineAction } from '../../contract/action.ts';
import { containerName } from '../../hosts/vm-on-host.ts';
import { deleteFiles } from '../delete-files.ts';
import { remove } from '../files.ts';
import { checkBelongsToVm, diskIdOf, parseLocation } from '../location.ts';
import { openPlace } from '../place.ts';
import { forgetImages, isOfVm, readMarkers, removeContainer } from './container-disk.ts';
import type { Context } from './services.ts';

/**
 * DELETE: removes a disk or the VM's directory. With the root disk goes the container, and what the registry keeps of the
 * VM: snapshots, and its state while it was stopped. Succeeds when nothing is there.
 */
export const del = defineAction({
  args: ['target', 'vmId', 'datastoreId'],
  async run({ target, vmId }, context: Context) {
    const at = parseLocation(target);
    if (diskIdOf(at) !== 0) return deleteFiles(target, vmId, context);
    checkBelongsToVm(at, vmId);
    const { signal } = context;
    const place = await openPlace(at.machine, context, signal);
    await using _lock = await place.host?.lock(containerName(vmId), { signal });
    const [images] = await Promise.all([
      readMarkers(place, at.path, signal),
      place.host && removeContainer(place.host, vmId, context),
    ]);
    const own = images.filter((image) => isOfVm(image, vmId, context));
    await forgetImages(own, place.host, context);
    await remove(place, [at.path, `${at.path}.snap`], signal);
  },
});
