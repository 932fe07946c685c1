import { defineAction } from '../../contract/action.ts';
import { checkArchitecture, toMegabytes } from '../../registry/image-description.ts';
import { contentBytes } from '../image-content.ts';
import { readDatastore, readImage } from '../request.ts';
import { openImageSource } from './image-source.ts';
import type { Context } from './services.ts';

/**
 * STAT: prints the size in MB that an image has on a host: the sum of its layers, uncompressed. OpenNebula does not say
 * here of which TYPE it will be, so a file that is no container image has the size of a data disk, and what
 * lies at a web address the size that the server tells.
 * @throws IMAGE_ARCHITECTURE, so that an image which no host can run is refused before it exists
 */
export const stat = defineAction({
  args: ['requestId'],
  async run(_, { document, registry, signal }: Context) {
    const { path } = readImage(document());
    const datastore = readDatastore(document());
    await using source = await openImageSource(path, { datastore, registry, signal });
    if (!source) return `${toMegabytes(await contentBytes(path, datastore, { keepCompressed: false, signal }))}`;
    checkArchitecture(source.description, registry.architecture);
    return `${toMegabytes(await source.description.uncompressedBytes())}`;
  },
});
