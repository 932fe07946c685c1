import { defineAction } from '../../contract/action.ts';
import { describeExport } from '../export-file.ts';
import { readImage } from '../request.ts';

/** EXPORT: tells a marketplace where the file of an image lies. */
export const exportImage = defineAction({
  args: ['appId'],
  async run(_, { document, signal }) {
    const image = readImage(document());
    return describeExport(image.source, image, { dispose: false, signal });
  },
});
