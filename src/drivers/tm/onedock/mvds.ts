import { defineAction } from '../../contract/action.ts';
import { containerName } from '../../hosts/vm-on-host.ts';
import { isImageUrl } from '../../registry/image-reference.ts';
import { remove } from '../files.ts';
import { checkBelongsToVm, diskIdOf, parseLocation } from '../location.ts';
import { openPlace } from '../place.ts';
import { returnFile } from '../return-file.ts';
import { forgetImages, isOfVm, readMarker, readMarkers, removeContainer, saveContainer } from './container-disk.ts';
import type { Context } from './services.ts';

/**
 * MVDS: writes the disk of a persistent image back into the image: a container is committed and pushed to SOURCE, then
 * removed with its marker, since no DELETE follows for this disk. The state of a VM that was stopped is in the registry
 * already, and takes the place of the image there. A VM that never ran has changed nothing. May be repeated.
 */
export const mvds = defineAction({
  args: ['disk', 'source', 'vmId', 'datastoreId'],
  async run({ disk, source, vmId }, context: Context) {
    if (!isImageUrl(source)) return returnFile(disk, source, vmId, context);
    const at = parseLocation(disk);
    checkBelongsToVm(at, vmId);
    const { registry, signal } = context;
    const image = registry.parse(source);
    const place = await openPlace(at.machine, context, signal);
    // An image that is not the root is never run: there is nothing of it but its marker.
    if (diskIdOf(at) !== 0) return remove(place, at.path, signal);
    await using _lock = await place.host?.lock(containerName(vmId), { signal });
    const [marked, images] = await Promise.all([
      readMarker(place, at.path, signal),
      readMarkers(place, at.path, signal),
    ]);
    const saved = place.host && (await saveContainer(place.host, vmId, image, context));
    if (!saved && marked && isOfVm(marked, vmId, context)) await registry.clone(marked, image, signal);
    // From here on a repetition finds no marker, and would save the same container again at most.
    await remove(place, at.path, signal);
    if (place.host) await removeContainer(place.host, vmId, context);
    const own = images.filter((each) => isOfVm(each, vmId, context));
    await forgetImages(own, place.host, context);
    await remove(place, `${at.path}.snap`, signal);
  },
});
