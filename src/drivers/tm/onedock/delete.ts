import { defineAction } from '../../contract/action.ts';
import { containerName } from '../../hosts/vm-on-host.ts';
import { deleteFiles } from '../delete-files.ts';
import { remove } from '../files.ts';
import { checkBelongsToVm, diskIdOf, parseLocation } from '../location.ts';
import { openPlace } from '../place.ts';
import { isOfVm, readMarker, removeContainer } from './container-disk.ts';
import type { Context } from './services.ts';

/**
 * DELETE: removes a disk or the VM's directory. With the root disk goes the container, and what the registry kept of the
 * VM while it was stopped. Succeeds when nothing is there.
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
    const [image] = await Promise.all([
      readMarker(place, at.path, signal),
      place.host && removeContainer(place.host, vmId, context),
    ]);
    if (image && isOfVm(image, vmId, context)) await context.registry.delete(image, signal);
    await remove(place, at.path, signal);
  },
});
