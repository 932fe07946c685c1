import { defineAction } from '../../contract/action.ts';
import { checkArchitecture } from '../../registry/image-description.ts';
import { type ImageReference, imageUrl } from '../../registry/image-reference.ts';
import { editConfig, withoutVolumes } from '../../registry/own-images.ts';
import { fail } from '../errors.ts';
import { imagePath } from '../image-file.ts';
import { importFile } from '../import-file.ts';
import { type DatastoreRequest, type ImageRequest, readDatastore, readImage } from '../request.ts';
import type { ImageSource } from './image-source.ts';
import type { Context } from './services.ts';
import { openSourceToCopy } from './source-to-copy.ts';

/**
 * CP: copies a container image into the registry, builds it there from a Dockerfile, or copies the file of a data disk
 * into the datastore's directory, and prints SOURCE and `raw`. Volumes that an image declares become part of its VMs' root disk. What an earlier image of the same
 * id left there is replaced; a copy that fails leaves nothing. MD5 and SHA1 of the image are those of its file.
 */
export const cp = defineAction({
  args: ['imageId'],
  async run({ imageId }, context: Context) {
    const { document, signal } = context;
    const image = readImage(document());
    const datastore = readDatastore(document());
    if (image.type === 'DATABLOCK') {
      const path = imagePath(datastore, imageId);
      await importFile(path, image, datastore, signal);
      return `${path} raw`;
    }
    if (image.type !== 'OS') throw fail('IMAGE_TYPE_UNSUPPORTED', { type: image.type ?? 'unknown' });
    return `${imageUrl(await copyToRegistry(imageId, image, datastore, context))} raw`;
  },
});

async function copyToRegistry(
  imageId: string,
  image: ImageRequest,
  datastore: DatastoreRequest,
  context: Context,
): Promise<ImageReference> {
  const { path } = image;
  const { registry, log } = context;
  const to = registry.referenceOfImage(imageId);
  await using source = await openSourceToCopy(imageId, image, datastore, context);
  if (!source) throw fail('PATH_UNSUPPORTED', { path, ...NO_IMAGE });
  if (source.kind === 'image') checkArchitecture(source.description, registry.architecture);
  log('info', `Copying ${path} to ${imageUrl(to)}.`);
  try {
    if (source.kind === 'image') await copySource(source, to, context);
    else await (await import('./build/build-image.ts')).buildImage(source, to, { imageId, datastore }, context);
    return to;
  } catch (error) {
    await registry.delete(to).catch((left: Error) => log('warning', `${imageUrl(to)} may be left: ${left.message}`));
    throw error;
  }
}

async function copySource({ copyFrom }: ImageSource, to: ImageReference, context: Context): Promise<void> {
  const { registry, signal, log } = context;
  await using _writing = await registry.writing(signal);
  await registry.copy(copyFrom, to, signal, (part) => log('info', part));
  await editConfig(registry.own, to, withoutVolumes, signal);
}

const NO_IMAGE = {
  problem: 'it is no container image',
  todo: 'Name an image as docker://name:tag, an archive of `docker save`, an OCI layout or a Dockerfile; or set TYPE=DATABLOCK.',
};
