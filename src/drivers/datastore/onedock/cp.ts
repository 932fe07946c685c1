import { defineAction } from '../../contract/action.ts';
import { checkArchitecture } from '../../registry/image-description.ts';
import { type ImageReference, imageUrl } from '../../registry/image-reference.ts';
import { dropVolumes } from '../../registry/own-images.ts';
import { fail } from '../errors.ts';
import { imagePath } from '../image-file.ts';
import { importFile } from '../import-file.ts';
import { type DatastoreRequest, type ImageRequest, readDatastore, readImage } from '../request.ts';
import { openImageSource } from './image-source.ts';
import type { Context } from './services.ts';

/**
 * CP: copies a container image into the registry, or the file of a data disk into the datastore's directory, and prints
 * SOURCE and `raw`. Volumes that an image declares become part of its VMs' root disk. What an earlier image of the same id left there is replaced; a copy that fails leaves nothing.
 */
export const cp = defineAction({
  args: ['imageId'],
  async run({ imageId }, context: Context) {
    const { document, registry, signal } = context;
    const image = readImage(document());
    const datastore = readDatastore(document());
    if (image.type === 'DATABLOCK') {
      const path = imagePath(datastore, imageId);
      await importFile(path, image, datastore, signal);
      return `${path} raw`;
    }
    if (image.type !== 'OS') throw fail('IMAGE_TYPE_UNSUPPORTED', { type: image.type ?? 'unknown' });
    const reference = registry.referenceOfImage(imageId);
    await copyToRegistry(image, datastore, reference, context);
    return `${imageUrl(reference)} raw`;
  },
});

async function copyToRegistry(
  { path }: ImageRequest,
  datastore: DatastoreRequest,
  to: ImageReference,
  { registry, signal, log }: Context,
): Promise<void> {
  await using source = await openImageSource(path, { datastore, registry, signal });
  if (!source) throw fail('PATH_UNSUPPORTED', { path, ...NO_IMAGE });
  checkArchitecture(source.description, registry.architecture);
  log('info', `Copying ${path} to ${imageUrl(to)}.`);
  try {
    await registry.copy(source.copyFrom, to, signal);
    await dropVolumes(registry.own, to, signal);
  } catch (error) {
    await registry.delete(to).catch((left: Error) => log('warning', `${imageUrl(to)} may be left: ${left.message}`));
    throw error;
  }
}

const NO_IMAGE = {
  problem: 'it is no container image',
  todo: 'Name an image as docker://name:tag, an archive of `docker save`, or an OCI layout; or set TYPE=DATABLOCK.',
};
