/** What can be done with images of one registry without moving their layers. */
import type { ImageReference } from './image-reference.ts';
import { type Descriptor, type ImageManifest, isManifestType } from './manifest.ts';
import type { RegistryClient, StoredManifest } from './registry-client.ts';

/**
 * Makes an image known under a second name: its layers are mounted there side by side, then its manifest is stored.
 * @returns whether the registry could mount them; nothing can be seen of the second name otherwise
 */
export async function mountImage(
  client: RegistryClient,
  manifest: StoredManifest,
  from: ImageReference,
  to: ImageReference,
  signal?: AbortSignal,
): Promise<boolean> {
  if (!isManifestType(manifest.mediaType)) return false;
  const mounted = await Promise.all(
    blobsOf(manifest).map(({ digest }) =>
      client.mountBlob({ repository: to.repository, digest }, from.repository, signal),
    ),
  );
  if (mounted.includes(false)) return false;
  await client.putManifest(to.repository, to.tag ?? 'latest', manifest, signal);
  return true;
}

/** Bytes that the images below a path take; a layer that several have counts once. */
export async function storedBytes(client: RegistryClient, path: string, signal?: AbortSignal): Promise<number> {
  const repositories = (await Array.fromAsync(client.repositories(signal))).filter((name) => name.startsWith(path));
  const manifests = await Promise.all(repositories.map((name) => client.findManifest(name, 'latest', signal)));
  const bytesByDigest = new Map<string, number>();
  for (const manifest of manifests) {
    if (!manifest || !isManifestType(manifest.mediaType)) continue;
    bytesByDigest.set(manifest.digest, manifest.body.length);
    for (const { digest, size } of blobsOf(manifest)) bytesByDigest.set(digest, size);
  }
  return bytesByDigest.values().reduce((sum, bytes) => sum + bytes, 0);
}

/** Configuration and layers; a layer that stands twice in an image is one blob. */
function blobsOf({ body }: StoredManifest): Descriptor[] {
  const { config, layers } = JSON.parse(body.toString('utf8')) as ImageManifest;
  return [...new Map([config, ...layers].map((blob) => [blob.digest, blob])).values()];
}
