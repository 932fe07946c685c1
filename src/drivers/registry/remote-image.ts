import { fail } from './errors.ts';
import type { ImageDescription } from './image-description.ts';
import { type ImageReference, printImageReference, referenceWithin } from './image-reference.ts';
import { type StoredLayer, uncompressedBytes } from './layer-size.ts';
import {
  type Descriptor,
  findPlatform,
  type ImageConfig,
  type ImageIndex,
  type ImageManifest,
  isIndexType,
  isManifestType,
  platformsOf,
} from './manifest.ts';
import { parseAnswer } from './parse-answer.ts';
import type { RegistryClient, StoredManifest } from './registry-client.ts';

/**
 * Describes an image of a registry without fetching its layers. Of an image for several architectures it is the one
 * for ours.
 * @throws IMAGE_NOT_FOUND, IMAGE_FORMAT_UNKNOWN, IMAGE_ARCHITECTURE, and what the client throws
 */
export async function describeRemoteImage(
  client: RegistryClient,
  reference: ImageReference,
  architecture: string,
  signal?: AbortSignal,
): Promise<ImageDescription> {
  const name = printImageReference(reference);
  const { repository } = reference;
  const find = async (tagOrDigest: string): Promise<StoredManifest> => {
    const found = await client.findManifest(repository, tagOrDigest, signal);
    if (!found) throw fail('IMAGE_NOT_FOUND', { image: name, server: client.server });
    return found;
  };

  const top = await find(referenceWithin(reference));
  const stored = isIndexType(top.mediaType)
    ? await find(digestFor(architecture, parseAnswer(top.body, client.server), name))
    : top;
  if (!isManifestType(stored.mediaType)) {
    throw fail('IMAGE_FORMAT_UNKNOWN', { image: name, mediaType: stored.mediaType });
  }
  const manifest = parseAnswer<ImageManifest>(stored.body, client.server);
  const { digest } = manifest.config;
  const config = parseAnswer<ImageConfig>(await client.readBlob({ repository, digest }, signal), client.server);
  return {
    name,
    config,
    uncompressedBytes: async () => {
      const layers = manifest.layers.map((layer) => remoteLayer(client, repository, layer, signal));
      const sizes = await Promise.all(layers.map(uncompressedBytes));
      return sizes.reduce((sum, size) => sum + size, 0);
    },
  };
}

function digestFor(architecture: string, index: ImageIndex, name: string): string {
  const found = findPlatform(index, architecture);
  if (found) return found.digest;
  throw fail('IMAGE_ARCHITECTURE', { image: name, has: platformsOf(index), wanted: `linux/${architecture}` });
}

function remoteLayer(
  client: RegistryClient,
  repository: string,
  { digest, size }: Descriptor,
  signal: AbortSignal | undefined,
): StoredLayer {
  const blob = { repository, digest };
  return {
    bytes: size,
    read: (start, length) => client.readBlobRange(blob, start, length, signal),
    open: () => client.openBlob(blob, signal),
  };
}
