/** Images that go. */
import { type Image, inState } from '../objects/image.ts';
import { endCloning } from '../objects/image-state.ts';
import { imageUse } from '../resources/image-quota.ts';
import { imageUsers } from '../resources/image-use.ts';
import { releaseQuotas } from '../resources/quota-use.ts';
import type { Cloud } from '../store/cloud.ts';

/** Marks an image for its driver to remove; one that never got into its datastore goes at once. */
export function beginRemoval(cloud: Cloud, image: Image): void {
  if (image.source === '') {
    removeImage(cloud, image);
    return;
  }
  cloud.transaction(() => {
    cloud.pools.image.put({ ...inState(image, 'DELETE'), cloningId: -1 });
    releaseOriginal(cloud, image);
  });
}

/** The image that was copied is free again, unless others use it. Within a transaction. */
export function releaseOriginal(cloud: Cloud, copy: Image): void {
  const original = cloud.pools.image.get(copy.cloningId);
  if (!original) return;
  cloud.links.remove('image.clones', original.id, copy.id);
  cloud.pools.image.put(endCloning(original, imageUsers(cloud, original.id)));
}

/** Takes an image and what it counted for out of the cloud. */
export function removeImage(cloud: Cloud, image: Image): void {
  cloud.transaction(() => {
    releaseOriginal(cloud, image);
    cloud.pools.image.delete(image.id);
    releaseQuotas(cloud, image, [imageUse(image)]);
  });
}
