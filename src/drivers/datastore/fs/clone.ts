import { defineAction } from '../../contract/action.ts';
import { copyImageFile, imagePath } from '../image-file.ts';
import { readDatastore, readImage } from '../request.ts';

/** CLONE: copies the file of another image of the datastore, which stands in PATH, and prints the new path and `raw`. */
export const clone = defineAction({
  args: ['imageId'],
  async run({ imageId }, { document, signal }) {
    const datastore = readDatastore(document());
    const path = imagePath(datastore, imageId);
    await copyImageFile(readImage(document()).path, path, signal);
    return `${path} raw`;
  },
});
