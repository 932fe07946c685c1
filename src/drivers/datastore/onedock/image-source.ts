/**
 * What PATH of a container image may be: `docker://` with a name, an archive of `docker save` or of an OCI layout, each
 * compressed or not, or an OCI layout directory. What is to be had at a web address is known when it was fetched.
 */
import { stat } from 'node:fs/promises';
import type { ImageDescription } from '../../registry/image-description.ts';
import { type ImageReference, isImageUrl } from '../../registry/image-reference.ts';
import type { ImageRegistry } from '../../registry/image-registry.ts';
import { describeRemoteImage } from '../../registry/remote-image.ts';
import { allowedPath } from '../allowed-path.ts';
import { fail } from '../errors.ts';
import { isUrl } from '../image-content.ts';
import type { DatastoreRequest } from '../request.ts';
import { archiveTree, directoryTree, type FileTree } from './file-tree.ts';
import { describeDockerArchive, describeOciLayout, findForm, type StoredForm } from './stored-image.ts';
import { unpackArchive } from './unpack-archive.ts';

export interface ImageSource extends AsyncDisposable {
  readonly description: ImageDescription;
  /** A name in a registry, or a place in skopeo's form. */
  readonly copyFrom: ImageReference | string;
}

interface Surroundings {
  readonly datastore: DatastoreRequest;
  readonly registry: ImageRegistry;
  readonly signal: AbortSignal;
}

/**
 * @returns undefined when PATH is a file that is no container image, or a web address
 * @throws PATH_NOT_ALLOWED, PATH_MISSING, PATH_UNSUPPORTED, and what a registry's client throws
 */
export async function openImageSource(path: string, around: Surroundings): Promise<ImageSource | undefined> {
  if (isImageUrl(path)) return openRemote(path, around);
  if (isUrl(path)) return undefined;
  const file = await allowedPath(path, around.datastore);
  if (file.includes(':')) {
    throw unsupported(path, 'its name has a colon, which skopeo takes for the beginning of a tag', 'Rename it.');
  }
  const isDirectory = (await stat(file)).isDirectory();
  return isDirectory ? openDirectory(path, file, around) : openArchive(path, file, around);
}

async function openRemote(path: string, { registry, signal }: Surroundings): Promise<ImageSource> {
  const reference = registry.parse(path);
  const client = registry.client(reference.server);
  const description = await describeRemoteImage(client, reference, registry.architecture, signal);
  return { description, copyFrom: reference, async [Symbol.asyncDispose]() {} };
}

async function openDirectory(path: string, directory: string, { registry }: Surroundings): Promise<ImageSource> {
  const tree = directoryTree(directory);
  if (await tree.has('Dockerfile')) {
    throw unsupported(
      path,
      'images are not built from a Dockerfile',
      'Build it, and register the `docker save` archive.',
    );
  }
  if ((await findForm(tree)) !== 'oci') {
    throw unsupported(path, 'the directory has no index.json', 'Name an OCI layout, or an archive of `docker save`.');
  }
  const description = await describe(path, 'oci', tree, registry);
  return { description, copyFrom: `oci:${directory}`, async [Symbol.asyncDispose]() {} };
}

/**
 * An archive, wherever it lies on this machine.
 * @param path  PATH of the image, for errors
 * @returns undefined when the file is no container image
 */
export async function openArchive(
  path: string,
  file: string,
  { registry, signal }: Pick<Surroundings, 'registry' | 'signal'>,
): Promise<ImageSource | undefined> {
  const archive = await unpackArchive(file, signal);
  const close = () => archive[Symbol.asyncDispose]();
  try {
    const tree = await archiveTree(archive.file);
    const form = tree && (await findForm(tree));
    if (!tree || !form) {
      await close();
      return undefined;
    }
    const description = await describe(path, form, tree, registry);
    const transport = form === 'oci' ? 'oci-archive' : 'docker-archive';
    return { description, copyFrom: `${transport}:${archive.file}`, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function describe(path: string, form: StoredForm, tree: FileTree, { architecture }: ImageRegistry) {
  if (form === 'docker-before-1.10') {
    throw unsupported(path, 'it was saved by a Docker older than 1.10', 'Load and save it with a current one.');
  }
  try {
    if (form === 'oci') return await describeOciLayout(path, tree, architecture);
    return await describeDockerArchive(path, tree);
  } catch (error) {
    throw unsupported(path, error instanceof Error ? error.message : String(error), 'Save the image again.');
  }
}

function unsupported(path: string, problem: string, todo: string) {
  return fail('PATH_UNSUPPORTED', { path, problem, todo });
}
