/** What can be done with images of one registry without moving their layers. */
import { isDeepStrictEqual } from 'node:util';
import { fail } from './errors.ts';
import type { ImageReference } from './image-reference.ts';
import { type Descriptor, type ImageManifest, isManifestType, type RunConfig } from './manifest.ts';
import { parseAnswer } from './parse-answer.ts';
import { digestOf, type RegistryClient, type StoredManifest } from './registry-client.ts';

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
    blobsOf(manifestOf(client, manifest)).map(({ digest }) =>
      client.mountBlob({ repository: to.repository, digest }, from.repository, signal),
    ),
  );
  if (mounted.includes(false)) return false;
  await client.putManifest(to.repository, to.tag ?? 'latest', manifest, signal);
  return true;
}

/**
 * Gives an image the configuration of another: command, user, environment and the like. A container that is committed
 * has those of the container, which is run in another way than its image asks for.
 * @param config  the `config` of the other's configuration
 * @returns the digest that the tag stands for then
 */
export async function changeConfig(
  client: RegistryClient,
  { repository, tag = 'latest' }: ImageReference,
  config: object,
  signal?: AbortSignal,
): Promise<string> {
  const stored = await client.findManifest(repository, tag, signal);
  if (!stored) throw fail('IMAGE_NOT_FOUND', { image: `${repository}:${tag}`, server: client.server });
  const manifest = manifestOf(client, stored);
  const { container_config: _, ...document } = await readConfig(client, repository, manifest, signal);
  const history = wholeHistory(document.history ?? [], manifest.layers.length);
  const content = Buffer.from(JSON.stringify({ ...document, config, history }));
  const digest = await client.putBlob(repository, content, signal);
  const changed = { ...manifest, config: { ...manifest.config, digest, size: content.length } };
  const body = Buffer.from(JSON.stringify(changed));
  const result = { ...stored, digest: digestOf(body), body };
  await client.putManifest(repository, tag, result, signal);
  if (result.digest !== stored.digest) await client.deleteManifest(repository, stored.digest, signal);
  return result.digest;
}

interface HistoryEntry {
  readonly empty_layer?: boolean;
}

/**
 * A history may be left out, as some builders do, but not in part: of an image of which a commit has told its own layer alone,
 * Podman makes no further one ("history lists 1 non-empty layers, but we have 2 layers on disk").
 */
function wholeHistory(history: readonly HistoryEntry[], layers: number): readonly HistoryEntry[] {
  const told = history.filter(({ empty_layer: isEmpty }) => !isEmpty).length;
  return [...Array.from({ length: Math.max(0, layers - told) }, () => ({})), ...history];
}

/** Changes the configuration of an image, unless it is already as wanted: of what VMs are made of it. */
export async function editConfig(
  client: RegistryClient,
  reference: ImageReference,
  edit: (config: RunConfig) => RunConfig,
  signal?: AbortSignal,
): Promise<void> {
  const { repository, tag = 'latest' } = reference;
  const stored = await client.findManifest(repository, tag, signal);
  if (!stored || !isManifestType(stored.mediaType)) return;
  const document = await readConfig(client, repository, manifestOf(client, stored), signal);
  const before = document.config ?? {};
  const after = edit(before);
  if (!isDeepStrictEqual(before, after)) await changeConfig(client, reference, after, signal);
}

/**
 * Takes the volumes out of a configuration. What a container writes there would else lie beside its layers, where no
 * commit, snapshot or migration finds it.
 */
export function withoutVolumes({ Volumes: volumes, ...config }: RunConfig): RunConfig {
  return config;
}

/** Bytes that the images below a path take; a layer that several have counts once. */
export async function storedBytes(client: RegistryClient, path: string, signal?: AbortSignal): Promise<number> {
  const repositories = (await Array.fromAsync(client.repositories(signal))).filter((name) => name.startsWith(path));
  const manifests = await Promise.all(repositories.map((name) => client.findManifest(name, 'latest', signal)));
  const bytesByDigest = new Map<string, number>();
  for (const manifest of manifests) {
    if (!manifest || !isManifestType(manifest.mediaType)) continue;
    bytesByDigest.set(manifest.digest, manifest.body.length);
    for (const { digest, size } of blobsOf(manifestOf(client, manifest))) bytesByDigest.set(digest, size);
  }
  return bytesByDigest.values().reduce((sum, bytes) => sum + bytes, 0);
}

function manifestOf(client: RegistryClient, { body }: StoredManifest): ImageManifest {
  return parseAnswer(body, client.server);
}

/** The configuration of an image as it is stored, with more in it than we know. */
interface StoredConfig {
  readonly config?: RunConfig;
  /** Of the container that it was committed from, in old images. */
  readonly container_config?: object;
  readonly history?: readonly HistoryEntry[];
}

async function readConfig(
  client: RegistryClient,
  repository: string,
  { config: { digest } }: ImageManifest,
  signal: AbortSignal | undefined,
): Promise<StoredConfig> {
  return parseAnswer(await client.readBlob({ repository, digest }, signal), client.server);
}

/** Configuration and layers; a layer that stands twice in an image is one blob. */
function blobsOf({ config, layers }: ImageManifest): Descriptor[] {
  return [...new Map([config, ...layers].map((blob) => [blob.digest, blob])).values()];
}
