import { defineAction } from '../../contract/action.ts';
import { imageUrl, isImageUrl } from '../../registry/image-reference.ts';
import { copyImageFile, imagePath } from '../image-file.ts';
import { readDatastore, readImage } from '../request.ts';
import type { Context } from './services.ts';

/**
 * CLONE: gives an image of the datastore, which stands in PATH, a second name in the registry that lives on its own; no
 * layer moves. The file of a data disk is copied. Prints SOURCE and `raw`.
 */
export const clone = defineAction({
  args: ['imageId'],
  async run({ imageId }, { document, registry, signal }: Context) {
    const { path } = readImage(document());
    if (isImageUrl(path)) {
      const copy = registry.referenceOfImage(imageId);
      await registry.clone(registry.parse(path), copy, signal);
      return `${imageUrl(copy)} raw`;
    }
    const copy = imagePath(readDatastore(document()), imageId);
    await copyImageFile(path, copy, signal);
    return `${copy} raw`;
  },
});
