/**
 * Images from a Dockerfile: built by the Docker Engine of one of the hosts, which runs containers of users anyway, and put
 * into the registry from there. What the Dockerfile builds upon is found by the front-end, as any image is, and fetched by
 * the host from the datastore's registry. Nothing stays on the host (docs/decisions/0021-dockerfiles-on-a-host.md).
 */
import type { DockerHost } from '../../../hosts/docker-hosts.ts';
import { checkArchitecture } from '../../../registry/image-description.ts';
import { type ImageReference, printImageReference } from '../../../registry/image-reference.ts';
import { editConfig, withoutVolumes } from '../../../registry/own-images.ts';
import { describeRemoteImage } from '../../../registry/remote-image.ts';
import { fail } from '../../errors.ts';
import type { DatastoreRequest } from '../../request.ts';
import { checkForeign } from '../foreign-image.ts';
import type { Context } from '../services.ts';
import type { BuildContext } from './build-context.ts';
import { connectBuilder } from './builder-host.ts';
import { baseImages, resolveBases } from './dockerfile.ts';

/** Given to all that a build makes on its way, and to nothing that is left. */
const LABEL = 'org.onedock.build';
/** One build at a time on a host, so that what is found of one before the next begins was left by it. */
const LOCK = 'build';
const BYTES_PER_MB = 2 ** 20;

/**
 * Builds an image into the registry; another under that name is replaced at the end.
 * @throws BUILD_HOST_MISSING, BUILD_TOO_LARGE, DOCKER_BUILD_FAILED, and what finding its base images throws
 */
export async function buildImage(
  build: BuildContext,
  to: ImageReference,
  at: { readonly imageId: string; readonly datastore: DatastoreRequest },
  context: Context,
): Promise<void> {
  const { registry, settings, signal, log } = context;
  checkContextSize(build, settings.build.contextMb);
  const host = await connectBuilder(at.imageId, at.datastore, context);
  const timeoutSeconds = settings.timeouts.buildSeconds;
  await using _lock = await host.lock(LOCK, { signal, timeoutSeconds });
  await using bases = await bringBases(build, at.imageId, context);
  await cleanUp(host, context);
  try {
    const names = await bases.pull(host);
    const { url } = build;
    const dockerfile = resolveBases(build.dockerfile, { args: url.args, bases: names, label: { [LABEL]: at.imageId } });
    const tag = printImageReference(to);
    await host.docker.builds.build(build.open(dockerfile, signal), {
      tag,
      dockerfile: url.file,
      target: url.target,
      args: url.args,
      ...settings.build,
      timeoutSeconds,
      signal,
      onStep: (step) => log('info', `${host.name}: ${step}`),
    });
    await checkImageSize(host, tag, Math.min(url.sizeMb ?? Number.POSITIVE_INFINITY, settings.build.imageMb), signal);
    const [repository, name] = [`${to.server}/${to.repository}`, to.tag ?? 'latest'];
    log('info', `Copying the image from ${host.name} to ${repository}.`);
    await using _writing = await registry.writing(signal);
    await host.docker.push(repository, name, { auth: await registry.dockerLogin(to.server), signal, timeoutSeconds });
    await editConfig(registry.own, to, (config) => withoutVolumes(withoutLabel(config)), signal);
  } finally {
    await cleanUp(host, context);
  }
}

/** Least size of an image before it is built: that of what it is built upon, and of what it may copy. */
export async function leastBytes(build: BuildContext, { registry, signal }: Context): Promise<number> {
  const sizes = await Promise.all(
    baseImages(build.dockerfile, build.url.args).map(async (name) => {
      const reference = registry.parse(name);
      checkForeign(reference, registry);
      const client = registry.client(reference.server);
      const described = await describeRemoteImage(client, reference, registry.architecture, signal);
      checkArchitecture(described, registry.architecture);
      return described.uncompressedBytes();
    }),
  );
  // Of several stages all but the last may be left behind: the largest of the images is the least that is known.
  return Math.max(0, ...sizes) + build.bytes;
}

/** Copies of what is built upon, in the registry for as long as it is needed. */
async function bringBases(build: BuildContext, imageId: string, context: Context) {
  const { registry, signal, log } = context;
  await using brought = new AsyncDisposableStack();
  const copies = await Promise.all(
    baseImages(build.dockerfile, build.url.args).map(async (name, i) => {
      const from = registry.parse(name);
      checkForeign(from, registry);
      const client = registry.client(from.server);
      checkArchitecture(await describeRemoteImage(client, from, registry.architecture, signal), registry.architecture);
      const copy = registry.referenceOfBase(imageId, i);
      brought.defer(() => registry.delete(copy).catch((left: Error) => log('warning', left.message)));
      await registry.copy(from, copy, signal);
      const digest = await registry.findDigest(copy, signal);
      return [name, `${copy.server}/${copy.repository}@${digest}`] as const;
    }),
  );
  const kept = brought.move();
  return {
    /** @returns the names by which the host has them */
    async pull({ docker }: DockerHost): Promise<ReadonlyMap<string, string>> {
      const auth = await registry.dockerLogin(registry.own.server);
      for (const [, copy] of copies) await docker.pull(copy, { auth, signal });
      return new Map(copies);
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Takes away what builds have left on a host, also such that were killed. The caller holds its lock for builds. */
async function cleanUp({ docker }: DockerHost, { registry }: Context): Promise<void> {
  await docker.builds.removeLabelled(LABEL);
  const { server, repository } = registry.referenceOfBase('*', '*');
  for (const name of await docker.listImageNames([`${server}/${repository}`])) await docker.removeImage(name);
}

function checkContextSize({ bytes, url }: BuildContext, limitMb: number): void {
  if (bytes <= limitMb * BYTES_PER_MB) return;
  throw fail('BUILD_CONTEXT_TOO_LARGE', { path: url.path, mb: Math.ceil(bytes / BYTES_PER_MB), limitMb });
}

async function checkImageSize({ docker }: DockerHost, tag: string, limitMb: number, signal: AbortSignal) {
  const { Size = 0 } = (await docker.findImage(tag, { signal })) ?? {};
  const mb = Math.ceil(Size / BYTES_PER_MB);
  if (mb > limitMb) throw fail('BUILD_TOO_LARGE', { mb, limitMb });
}

function withoutLabel<Config extends { readonly Labels?: Readonly<Record<string, string>> | null }>(config: Config) {
  const { [LABEL]: _, ...labels } = config.Labels ?? {};
  const { Labels, ...others } = config;
  return Object.keys(labels).length === 0 ? others : { ...others, Labels: labels };
}
