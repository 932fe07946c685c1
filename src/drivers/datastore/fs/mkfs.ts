import { defineAction } from '../../contract/action.ts';
import { imagePath, makeEmptyImage } from '../image-file.ts';
import { readDatastore, readImage, SAVE_AS } from '../request.ts';

/** MKFS: makes an empty image, with a file system if FS or FSTYPE asks for one, and prints its path. */
export const mkfs = defineAction({
  args: ['imageId'],
  async run({ imageId }, { document, signal }) {
    const image = readImage(document());
    const path = imagePath(readDatastore(document()), imageId);
    if (image.format !== SAVE_AS) await makeEmptyImage(path, image, signal);
    return path;
  },
});
