import { defineAction } from '../../contract/action.ts';
import { imagePath } from '../image-file.ts';
import { importFile } from '../import-file.ts';
import { readDatastore, readImage } from '../request.ts';

/** CP: copies a file of the front-end or of a web server into the datastore, and prints its path and `raw`. */
export const cp = defineAction({
  args: ['imageId'],
  async run({ imageId }, { document, signal }) {
    const datastore = readDatastore(document());
    const path = imagePath(datastore, imageId);
    await importFile(path, readImage(document()), datastore, signal);
    return `${path} raw`;
  },
});
