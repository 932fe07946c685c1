/**
 * Images that are files: the archives of `docker save` in the layouts of its releases, and OCI layouts. Each must hold
 * exactly one image.
 */
import type { ImageDescription } from '../../registry/image-description.ts';
import {
  type Descriptor,
  findPlatform,
  type ImageConfig,
  type ImageIndex,
  type ImageManifest,
  isIndexType,
} from '../../registry/manifest.ts';
import type { FileTree } from './file-tree.ts';

/** `docker-archive` is what `docker save` writes, with `manifest.json`; `oci` the layout of the OCI image specification. */
export type StoredForm = 'docker-archive' | 'oci' | 'docker-before-1.10';

/** @returns undefined when the files are no image */
export async function findForm(tree: FileTree): Promise<StoredForm | undefined> {
  // Since release 25 `docker save` writes both documents.
  if (await tree.has('manifest.json')) return 'docker-archive';
  if (await tree.has('index.json')) return 'oci';
  return (await tree.has('repositories')) ? 'docker-before-1.10' : undefined;
}

/** @throws Error that says what is wrong with the archive */
export async function describeDockerArchive(name: string, tree: FileTree): Promise<ImageDescription> {
  const images = await tree.readDocument<{ Config: string; Layers: string[] }[]>('manifest.json');
  const image = onlyOne(images);
  return {
    name,
    config: await tree.readDocument<ImageConfig>(image.Config),
    uncompressedBytes: () => sum(image.Layers.map((path) => tree.layerBytes(path))),
  };
}

/** @throws Error that says what is wrong with the layout */
export async function describeOciLayout(name: string, tree: FileTree, architecture: string): Promise<ImageDescription> {
  let descriptor = onlyOne((await tree.readDocument<ImageIndex>('index.json')).manifests);
  if (isIndexType(descriptor.mediaType)) {
    const found = findPlatform(await tree.readDocument<ImageIndex>(blobPath(descriptor)), architecture);
    if (!found) throw new Error(`it has no image for linux/${architecture}`);
    descriptor = found;
  }
  const manifest = await tree.readDocument<ImageManifest>(blobPath(descriptor));
  return {
    name,
    config: await tree.readDocument<ImageConfig>(blobPath(manifest.config)),
    uncompressedBytes: () => sum(manifest.layers.map((layer) => tree.layerBytes(blobPath(layer)))),
  };
}

function blobPath({ digest }: Descriptor): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function onlyOne<Item>(items: readonly Item[]): Item {
  const [first] = items;
  if (first === undefined) throw new Error('it holds no image');
  if (items.length > 1) throw new Error(`it holds ${items.length} images, and one is wanted`);
  return first;
}

async function sum(sizes: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
}
