import { type ImageReference, imageUrl } from '../../registry/image-reference.ts';
import type { ImageRegistry } from '../../registry/image-registry.ts';
import { fail } from '../errors.ts';

/**
 * What lies in the datastore's registry under the names of images and VMs belongs to their owners, who need not be the
 * one who names it here.
 * @throws IMAGE_OF_DATASTORE
 */
export function checkForeign(reference: ImageReference, registry: ImageRegistry): void {
  const isOurs = reference.server === registry.own.server && reference.repository.startsWith('onedock/');
  if (isOurs) throw fail('IMAGE_OF_DATASTORE', { image: imageUrl(reference) });
}
