import { stat } from 'node:fs/promises';
import { checksumsOf, compareFile } from '../checksums.ts';
import { fail } from '../errors.ts';
import { isUrl } from '../image-content.ts';
import { imagePath } from '../image-file.ts';
import type { DatastoreRequest, ImageRequest } from '../request.ts';
import type { BuildContext } from './build/build-context.ts';
import { parseBuildUrl } from './build/build-url.ts';
import { fetchArchive } from './fetch-archive.ts';
import { type ImageSource, openFile, openImageSource } from './image-source.ts';
import type { Context } from './services.ts';

/**
 * What PATH names, ready to be copied: fetched if it is a web address, and with the checksums that the image should have.
 * @returns undefined when it is no container image, nor what one is built from
 * @throws CHECKSUM_WRONG, CHECKSUM_OF_NO_FILE, and what `fetchArchive` and `openImageSource` throw
 */
export async function openSourceToCopy(
  imageId: string,
  image: ImageRequest,
  datastore: DatastoreRequest,
  context: Context,
): Promise<ImageSource | BuildContext | undefined> {
  const { registry, signal } = context;
  const { path } = parseBuildUrl(image.path);
  if (isUrl(path)) return fetchSource(imageId, image, datastore, context);
  const source = await openImageSource(image.path, { datastore, registry, signal });
  if (!source) return undefined;
  try {
    await compareSource(image, signal);
    return source;
  } catch (error) {
    await source[Symbol.asyncDispose]();
    throw error;
  }
}

async function fetchSource(
  imageId: string,
  image: ImageRequest,
  datastore: DatastoreRequest,
  { registry, settings, log, signal }: Context,
): Promise<ImageSource | BuildContext | undefined> {
  const { path } = parseBuildUrl(image.path);
  log('info', `Fetching ${path}.`);
  await using opened = new AsyncDisposableStack();
  const { file } = opened.use(
    await fetchArchive(path, {
      file: `${imagePath(datastore, imageId)}.fetched`,
      limitMb: settings.images.downloadMb,
      checksums: checksumsOf(image),
      signal,
    }),
  );
  const source = await openFile(image.path, file, { registry, signal });
  if (!source) return undefined;
  opened.use(source);
  const kept = opened.move();
  return { ...source, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function compareSource(image: ImageRequest, signal: AbortSignal): Promise<void> {
  const checksums = checksumsOf(image);
  if (!checksums.wanted) return;
  const { path } = parseBuildUrl(image.path);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw fail('CHECKSUM_OF_NO_FILE', { path });
  await compareFile(path, checksums, signal);
}
