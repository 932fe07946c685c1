/** Images in the hands of VMs. */
import {
  acquireImage,
  CLEARED_SNAPSHOTS,
  type Image,
  ImageUnavailable,
  mayHaveSnapshots,
  releaseImage,
} from '../objects/image.ts';
import type { Cloud } from '../store/cloud.ts';
import type { RelationName } from '../store/store.ts';

/**
 * Gives an image to a VM. Within a transaction.
 * @returns the image as the VM's disk describes it
 * @throws ImageUnavailable
 */
export function useImage(cloud: Cloud, imageId: number, vmId: number, options: { attach?: boolean } = {}): Image {
  const image = cloud.pools.image.get(imageId);
  if (!image) throw new ImageUnavailable(`Image with ID: ${imageId} does not exist`);
  const acquired = cloud.pools.image.put(acquireImage(image, options));
  cloud.links.add('image.vms', imageId, vmId);
  return acquired;
}

/**
 * Takes an image back from a VM, after the last of its disks has gone. Within a transaction.
 * @param failed the VM could not write a persistent image back
 */
export function unuseImage(
  cloud: Cloud,
  imageId: number,
  vmId: number,
  options: { failed?: boolean; now: number },
): void {
  const image = cloud.pools.image.get(imageId);
  if (!image) return;
  cloud.links.remove('image.vms', imageId, vmId);
  const users = imageUsers(cloud, imageId);
  cloud.pools.image.put(
    releaseImage(withoutEmptySnapshots(image), {
      remainingVms: users.vms,
      clones: users.clones,
      failed: options.failed ?? false,
      now: options.now,
    }),
  );
}

/** A persistent image comes back with what the VM knows of its snapshots: nothing, where it has none (ImageManager::clear_image_snapshots, 7.4). */
function withoutEmptySnapshots(image: Image): Image {
  const hasNone = image.state === 'USED_PERS' && mayHaveSnapshots(image) && image.snapshots.list.length === 0;
  return hasNone ? { ...image, snapshots: CLEARED_SNAPSHOTS } : image;
}

/** How many VMs use an image, and how many copies of it are being made, as images or apps of marketplaces. */
export function imageUsers({ links }: Pick<Cloud, 'links'>, imageId: number): { vms: number; clones: number } {
  const count = (relation: RelationName) => links.of(relation, imageId).size;
  return { vms: count('image.vms'), clones: count('image.clones') + count('image.appClones') };
}
