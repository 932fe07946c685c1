import { defineAction } from '../../contract/action.ts';
import { containerName, endSuspended } from '../../hosts/vm-on-host.ts';
import type { PinnedImage } from '../../registry/disk-marker.ts';
import { remove } from '../files.ts';
import { checkBelongsToVm, parseLocation } from '../location.ts';
import { moveFiles, openEnds } from '../move-files.ts';
import type { Place } from '../place.ts';
import { ensureImage, readMarker, removeContainer, saveContainer, writeMarker } from './container-disk.ts';
import { forgetUnlessNamed } from './root-snapshots.ts';
import type { Context } from './services.ts';

/**
 * MV: moves a disk between hosts, or to and from the front-end. A container is saved to the registry and removed where
 * it was, and its image is fetched where it goes on; the front-end keeps only the marker. May be repeated. Data disks and
 * directories are moved as files.
 */
export const mv = defineAction({
  args: ['source', 'destination', 'vmId', 'datastoreId'],
  async run({ source, destination, vmId }, context: Context) {
    const [from, to] = [parseLocation(source), parseLocation(destination)];
    for (const end of [from, to]) checkBelongsToVm(end, vmId);
    const { signal } = context;
    const ends = await openEnds(from, to, context, signal);
    const marked = await readMarker(ends.from, from.path, signal);
    if (!marked || ends.from.name === ends.to.name) return moveFiles(source, destination, vmId, context);

    const image = await takeContainer(ends.from, from.path, vmId, marked, context);
    await Promise.all([
      ends.to.host && ensureImage(ends.to.host, image, context),
      writeMarker(ends.to, to.path, image, signal),
    ]);
    await remove(ends.from, from.path, signal);
  },
});

/**
 * The image that the VM goes on with: that of its container, or the marked one if it has none. The marker names it before
 * the container goes, so that nothing is lost when this is cut short and repeated.
 */
async function takeContainer(
  place: Place,
  path: string,
  vmId: string,
  marked: PinnedImage,
  context: Context,
): Promise<PinnedImage> {
  const { host } = place;
  if (!host) return marked;
  const { registry, signal } = context;
  await using _lock = await host.lock(containerName(vmId), { signal });
  await endSuspended(host, vmId, signal);
  const saved = await saveContainer(host, vmId, registry.referenceOfVm(vmId), context);
  if (saved) await writeMarker(place, path, saved, signal);
  await removeContainer(host, vmId, context);
  // What the container was made of, if that was an earlier state of the VM.
  if (saved) await forgetUnlessNamed(marked, place, path, vmId, context);
  return saved ?? marked;
}
