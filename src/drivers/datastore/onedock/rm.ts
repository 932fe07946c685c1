import { defineAction } from '../../contract/action.ts';
import { isImageUrl } from '../../registry/image-reference.ts';
import { removeImageFile } from '../image-file.ts';
import { readDatastore, readImage } from '../request.ts';
import type { Context } from './services.ts';

/**
 * RM: deletes an image from the registry, or the file of a data disk. Succeeds when it is gone already. Layers that no
 * other image has go when the registry collects garbage (docs/explanation/images.md). What lies elsewhere, since its
 * SOURCE was given by hand, is left alone.
 */
export const rm = defineAction({
  args: ['imageId'],
  async run(_, { document, log, registry, signal }: Context) {
    const { source } = readImage(document());
    if (isImageUrl(source)) {
      const reference = registry.parse(source);
      if (reference.server === registry.own.server) return registry.delete(reference, signal);
    } else if (await removeImageFile(readDatastore(document()), source)) return;
    log('warning', `${source} lies outside the datastore and stays.`);
  },
});
