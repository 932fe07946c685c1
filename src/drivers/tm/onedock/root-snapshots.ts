/**
 * Snapshots of a root disk: what the container has written is committed and put into the registry, each in a repository of
 * its own, so that they go wherever the VM goes. Beside the disk, `disk.0.snap/<n>` names the image as the disk's own marker
 * does. A disk that is taken back to one is made from that image: its container is made anew when the VM starts.
 */
import { containerName } from '../../hosts/vm-on-host.ts';
import type { PinnedImage } from '../../registry/disk-marker.ts';
import { fail } from '../errors.ts';
import { snapshotPath } from '../file-snapshots.ts';
import { remove } from '../files.ts';
import { checkBelongsToVm, parseLocation } from '../location.ts';
import { openPlace, type Place } from '../place.ts';
import {
  ensureImage,
  forgetImages,
  isOfVm,
  pin,
  readMarker,
  readMarkers,
  saveContainer,
  writeMarker,
} from './container-disk.ts';
import type { Context } from './services.ts';

/** A running VM stands still while its container is committed. @throws DISK_MISSING */
export async function createRootSnapshot(disk: string, snapshotId: string, vmId: string, context: Context) {
  const { registry, signal } = context;
  const { place, path, snapshot } = await open(disk, snapshotId, vmId, context);
  await using _lock = await place.host?.lock(containerName(vmId), { signal });
  const to = registry.referenceOfSnapshot(vmId, snapshotId);
  const image = await saveRoot(place, path, vmId, to, context);
  await writeMarker(place, snapshot, image, signal);
}

/** @throws SNAPSHOT_MISSING */
export async function revertToRootSnapshot(disk: string, snapshotId: string, vmId: string, context: Context) {
  const { signal } = context;
  const { place, path, snapshot } = await open(disk, snapshotId, vmId, context);
  await using _lock = await place.host?.lock(containerName(vmId), { signal });
  const [image, before] = await Promise.all([readMarker(place, snapshot, signal), readMarker(place, path, signal)]);
  if (!image) throw fail('SNAPSHOT_MISSING', { place: place.name, path: snapshot });
  if (place.host) await ensureImage(place.host, image, context);
  await writeMarker(place, path, image, signal);
  await place.host?.docker.remove(containerName(vmId), { signal });
  await forgetUnlessNamed(before, place, path, vmId, context);
}

/** Succeeds when it is gone. The disk that stands on it gets the image under another name. */
export async function deleteRootSnapshot(disk: string, snapshotId: string, vmId: string, context: Context) {
  const { registry, signal } = context;
  const { place, path, snapshot } = await open(disk, snapshotId, vmId, context);
  await using _lock = await place.host?.lock(containerName(vmId), { signal });
  const [image, disk0] = await Promise.all([readMarker(place, snapshot, signal), readMarker(place, path, signal)]);
  if (image && disk0 && isSame(image, disk0)) {
    const own = registry.referenceOfVm(vmId);
    await registry.clone(image, own, signal);
    const renamed = await pin(own, context);
    if (place.host) await ensureImage(place.host, renamed, context);
    await writeMarker(place, path, renamed, signal);
  }
  await remove(place, snapshot, signal);
  await forgetUnlessNamed(image, place, path, vmId, context);
}

/**
 * Puts what a root disk holds under a name in the registry: what its container has written, or the image that it is still.
 * @throws DISK_MISSING
 */
export async function saveRoot(
  place: Place,
  path: string,
  vmId: string,
  to: Parameters<typeof saveContainer>[2],
  context: Context,
): Promise<PinnedImage> {
  const { registry, signal } = context;
  const saved = place.host && (await saveContainer(place.host, vmId, to, context));
  if (saved) return saved;
  const marked = await readMarker(place, path, signal);
  if (!marked) throw fail('DISK_MISSING', { place: place.name, path });
  await registry.clone(marked, to, signal);
  return await pin(to, context);
}

/** An image of the VM that neither its disk nor a snapshot names any more. */
export async function forgetUnlessNamed(
  image: PinnedImage | undefined,
  place: Place,
  path: string,
  vmId: string,
  context: Context,
): Promise<void> {
  if (!image || !isOfVm(image, vmId, context)) return;
  const named = await readMarkers(place, path, context.signal);
  if (!named.some((other) => isSame(other, image))) await forgetImages([image], place.host, context);
}

async function open(disk: string, snapshotId: string, vmId: string, context: Context) {
  const at = parseLocation(disk);
  checkBelongsToVm(at, vmId);
  const place = await openPlace(at.machine, context, context.signal);
  return { place, path: at.path, snapshot: snapshotPath(at, snapshotId) };
}

function isSame(a: PinnedImage, b: PinnedImage): boolean {
  return a.server === b.server && a.repository === b.repository && a.digest === b.digest;
}
