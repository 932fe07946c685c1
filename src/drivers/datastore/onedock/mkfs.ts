import { defineAction } from '../../contract/action.ts';
import { imageUrl } from '../../registry/image-reference.ts';
import { fail } from '../errors.ts';
import { imagePath, makeEmptyImage } from '../image-file.ts';
import { readDatastore, readImage, SAVE_AS } from '../request.ts';
import type { Context } from './services.ts';

/**
 * MKFS: makes an empty data disk, with a file system if FS or FSTYPE asks for one, and prints its path. For the target
 * of disk-saveas it prints where the disk will be written, and makes nothing.
 */
export const mkfs = defineAction({
  args: ['imageId'],
  async run({ imageId }, { document, registry, signal }: Context) {
    const image = readImage(document());
    if (image.type === 'DATABLOCK') {
      const path = imagePath(readDatastore(document()), imageId);
      if (image.format !== SAVE_AS) await makeEmptyImage(path, image, signal);
      return path;
    }
    if (image.type !== 'OS') throw fail('IMAGE_TYPE_UNSUPPORTED', { type: image.type ?? 'unknown' });
    if (image.format !== SAVE_AS) throw fail('IMAGE_EMPTY', {});
    return imageUrl(registry.referenceOfImage(imageId));
  },
});
