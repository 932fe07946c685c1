import { defineAction } from '../../contract/action.ts';
import { checkArchitecture, toMegabytes } from '../../registry/image-description.ts';
import { contentBytes } from '../image-content.ts';
import { type DatastoreRequest, readDatastore, readImage } from '../request.ts';
import { parseBuildUrl } from './build/build-url.ts';
import { openImageSource } from './image-source.ts';
import type { Context } from './services.ts';

/**
 * STAT: prints the size in MB that an image has on a host: the sum of its layers, uncompressed. OpenNebula does not say
 * here of which TYPE it will be, so a file that is no container image has the size of a data disk, and what
 * lies at a web address the size that the server tells. One that is to be built has the size that its URL says, which it
 * may not exceed, or else that of what it is built from.
 * @throws IMAGE_ARCHITECTURE, so that an image which no host can run is refused before it exists
 */
export const stat = defineAction({
  args: ['requestId'],
  async run(_, context: Context) {
    const { document, registry, signal } = context;
    const { path } = readImage(document());
    const datastore = readDatastore(document());
    await using source = await openImageSource(path, { datastore, registry, signal });
    if (!source) return fileMegabytes(path, datastore, signal);
    if (source.kind === 'build') {
      const { leastBytes } = await import('./build/build-image.ts');
      return `${source.url.sizeMb ?? toMegabytes(await leastBytes(source, context))}`;
    }
    checkArchitecture(source.description, registry.architecture);
    return `${toMegabytes(await source.description.uncompressedBytes())}`;
  },
});

async function fileMegabytes(path: string, datastore: DatastoreRequest, signal: AbortSignal): Promise<string> {
  const { path: place, sizeMb } = parseBuildUrl(path);
  return `${sizeMb ?? toMegabytes(await contentBytes(place, datastore, { keepCompressed: false, signal }))}`;
}
