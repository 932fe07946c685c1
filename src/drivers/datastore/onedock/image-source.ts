/**
 * What PATH of a container image may be: `docker://` with a name, an archive of `docker save` or of an OCI layout, each
 * compressed or not, or an OCI layout directory; or what it is built from, a Dockerfile alone or with its files in a
 * directory or archive. What is to be had at a web address is known when it was fetched.
 */
import { readFile, stat } from 'node:fs/promises';
import { messageOf } from '../../../errors/thrown.ts';
import type { ImageDescription } from '../../registry/image-description.ts';
import { type ImageReference, isImageUrl } from '../../registry/image-reference.ts';
import type { ImageRegistry } from '../../registry/image-registry.ts';
import { describeRemoteImage } from '../../registry/remote-image.ts';
import { allowedPath } from '../allowed-path.ts';
import { fail } from '../errors.ts';
import { isUrl } from '../image-content.ts';
import type { DatastoreRequest } from '../request.ts';
import { archiveContext, type BuildContext, directoryContext, textContext } from './build/build-context.ts';
import { isBuildUrl, parseBuildUrl } from './build/build-url.ts';
import { directoryTree, type FileTree, openArchive } from './file-tree.ts';
import { checkForeign } from './foreign-image.ts';
import { describeDockerArchive, describeOciLayout, findForm, type StoredForm } from './stored-image.ts';
import { unpackArchive } from './unpack-archive.ts';

export interface ImageSource extends AsyncDisposable {
  readonly kind: 'image';
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
 * @throws PATH_NOT_ALLOWED, PATH_MISSING, PATH_UNSUPPORTED, IMAGE_OF_DATASTORE, and what a registry's client throws
 */
export async function openImageSource(
  path: string,
  around: Surroundings,
): Promise<ImageSource | BuildContext | undefined> {
  if (isImageUrl(path)) return openRemote(path, around);
  const url = parseBuildUrl(path);
  if (url.text !== undefined) return textContext(url.text, url);
  if (isUrl(url.path)) return undefined;
  const file = await allowedPath(url.path, around.datastore);
  if (file.includes(':')) {
    throw unsupported(path, 'its name has a colon, which skopeo takes for the beginning of a tag', 'Rename it.');
  }
  const isDirectory = (await stat(file)).isDirectory();
  return isDirectory ? openDirectory(path, file, around) : openFile(path, file, around);
}

async function openRemote(path: string, { registry, signal }: Surroundings): Promise<ImageSource> {
  const reference = registry.parse(path);
  checkForeign(reference, registry);
  const client = registry.client(reference.server);
  const description = await describeRemoteImage(client, reference, registry.architecture, signal);
  return { kind: 'image', description, copyFrom: reference, async [Symbol.asyncDispose]() {} };
}

async function openDirectory(
  path: string,
  directory: string,
  { registry }: Surroundings,
): Promise<ImageSource | BuildContext> {
  const tree = directoryTree(directory);
  const url = parseBuildUrl(path);
  if (isBuildUrl(path) || (await tree.has(url.file))) return directoryContext(path, directory, url);
  if ((await findForm(tree)) !== 'oci') {
    const todo = 'Name an OCI layout, a directory with a Dockerfile, or an archive of `docker save`.';
    throw unsupported(path, 'the directory has no index.json', todo);
  }
  const description = await describe(path, 'oci', tree, registry);
  return { kind: 'image', description, copyFrom: `oci:${directory}`, async [Symbol.asyncDispose]() {} };
}

/**
 * A file, wherever it lies on this machine.
 * @param path  PATH of the image
 * @returns undefined when the file is no container image, nor what one is built from
 */
export async function openFile(
  path: string,
  file: string,
  { registry, signal }: Pick<Surroundings, 'registry' | 'signal'>,
): Promise<ImageSource | BuildContext | undefined> {
  await using opened = new AsyncDisposableStack();
  const archive = opened.use(await unpackArchive(file, signal));
  const content = await openArchive(archive.file);
  const url = parseBuildUrl(path);
  const kept = () => {
    const moved = opened.move();
    return { [Symbol.asyncDispose]: () => moved.disposeAsync() };
  };
  if (!content) return isBuildUrl(path) ? textContext(await readDockerfile(path, archive.file), url) : undefined;
  const form = isBuildUrl(path) ? undefined : await findForm(content.tree);
  if (form) {
    const description = await describe(path, form, content.tree, registry);
    const transport = form === 'oci' ? 'oci-archive' : 'docker-archive';
    return { kind: 'image', description, copyFrom: `${transport}:${archive.file}`, ...kept() };
  }
  if (!isBuildUrl(path) && !(await content.tree.has(url.file))) return undefined;
  return archiveContext(path, { file: archive.file, ...content, ...kept() }, url);
}

async function readDockerfile(path: string, file: string): Promise<string> {
  if ((await stat(file)).size <= MOST_DOCKERFILE_BYTES) return readFile(file, 'utf8');
  throw unsupported(path, 'it is neither an archive nor a Dockerfile', 'Name a Dockerfile, or what holds one.');
}

const MOST_DOCKERFILE_BYTES = 2 ** 20;

async function describe(path: string, form: StoredForm, tree: FileTree, { architecture }: ImageRegistry) {
  if (form === 'docker-before-1.10') {
    throw unsupported(path, 'it was saved by a Docker older than 1.10', 'Load and save it with a current one.');
  }
  try {
    if (form === 'oci') return await describeOciLayout(path, tree, architecture);
    return await describeDockerArchive(path, tree);
  } catch (error) {
    throw unsupported(path, messageOf(error), 'Save the image again.');
  }
}

function unsupported(path: string, problem: string, todo: string) {
  return fail('PATH_UNSUPPORTED', { path, problem, todo });
}
