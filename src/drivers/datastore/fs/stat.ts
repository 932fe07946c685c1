import { defineAction } from '../../contract/action.ts';
import { toMegabytes } from '../../registry/image-description.ts';
import { contentBytes } from '../image-content.ts';
import { keepsCompressed } from '../import-file.ts';
import { readDatastore, readImage } from '../request.ts';

/** STAT: prints the size in MB that a file or URL will have in the datastore. */
export const stat = defineAction({
  args: ['requestId'],
  async run(_, { document, signal }) {
    const datastore = readDatastore(document());
    const keepCompressed = keepsCompressed(datastore);
    return `${toMegabytes(await contentBytes(readImage(document()).path, datastore, { keepCompressed, signal }))}`;
  },
});
