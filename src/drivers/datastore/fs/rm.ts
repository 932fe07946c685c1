import { defineAction } from '../../contract/action.ts';
import { removeImageFile } from '../image-file.ts';
import { readDatastore, readImage } from '../request.ts';

/** RM: removes the file of an image. Succeeds when it is gone already; leaves files outside the datastore alone. */
export const rm = defineAction({
  args: ['imageId'],
  async run(_, { document, log }) {
    const { source } = readImage(document());
    const removed = await removeImageFile(readDatastore(document()), source);
    if (!removed) log('warning', `${source} lies outside the datastore and stays.`);
  },
});
