/**
 * The root disk of a VM that is a container. Before it runs it is an image on the host and a marker that names it; from
 * then on it is the writable layer of the container `one-<v>`, which is saved by committing and pushing it.
 */
import { hasCode } from '../../docker/errors.ts';
import { removeConsoleRecord } from '../../hosts/console-records.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { containerName, LABEL, replacementName, snapshotRepository } from '../../hosts/vm-on-host.ts';
import { type PinnedImage, parseDiskMarker, printDiskMarker } from '../../registry/disk-marker.ts';
import { type ImageReference, printImageReference } from '../../registry/image-reference.ts';
import { changeConfig } from '../../registry/own-images.ts';
import { fail } from '../errors.ts';
import { readText, writeText } from '../files.ts';
import type { Place } from '../place.ts';
import type { Context } from './services.ts';
import { trimImages } from './trim-images.ts';

/** The image that a name in the registry stands for at this moment. @throws IMAGE_GONE */
export async function pin(reference: ImageReference, { registry, signal }: Context): Promise<PinnedImage> {
  const { server, repository } = reference;
  const digest = await registry.findDigest(reference, signal);
  if (digest === undefined) throw fail('IMAGE_GONE', { image: printImageReference(reference) });
  return { server, repository, digest };
}

/**
 * Has the host fetch an image that it lacks: once, however many VMs wait for it. Others may have to go for it; that they
 * could not is no fault of this one.
 */
export async function ensureImage(host: DockerHost, image: PinnedImage, context: Context) {
  const { registry, settings, signal, log } = context;
  const isNew = await host.docker.ensureImage(printImageReference(image), {
    login: () => registry.dockerLogin(image.server),
    signal,
    timeoutSeconds: settings.timeouts.transferSeconds,
  });
  if (isNew) await trimImages(host, context).catch((error: Error) => log('warning', error.message));
}

export async function readMarker(place: Place, path: string, signal: AbortSignal): Promise<PinnedImage | undefined> {
  const text = await readText(place, path, signal);
  return text === undefined ? undefined : parseDiskMarker(text);
}

/** The images of a disk and of its snapshots. */
export async function readMarkers(place: Place, path: string, signal: AbortSignal): Promise<PinnedImage[]> {
  const { stdout } = await place.run(['sh', '-c', READ_ALL, 'sh', path], { signal, shell: 'brief' });
  return stdout.split('\n').flatMap((line) => parseDiskMarker(line) ?? []);
}

const READ_ALL = 'for file in "$1" "$1".snap/*; do [ ! -f "$file" ] || head -c 4096 -- "$file"; done';

export async function writeMarker(place: Place, path: string, image: PinnedImage, signal: AbortSignal): Promise<void> {
  await writeText(place, path, printDiskMarker(image), signal);
}

/**
 * Puts what a container has written to its disk into the registry, as an image that is run as its own was. Only the
 * layer that changed travels. What the name stood for before is deleted.
 * @returns undefined when there is no container: the VM has never run
 */
export async function saveContainer(
  host: DockerHost,
  vmId: string,
  to: ImageReference,
  context: Context,
): Promise<PinnedImage | undefined> {
  const { registry, settings, signal } = context;
  const { docker } = host;
  const [container, before] = await Promise.all([
    docker.find(containerName(vmId), { signal }),
    registry.findDigest(to, signal),
  ]);
  if (!container) return undefined;
  // One that was taken back to a system snapshot is of an image that is run as ours, not as the one of the VM.
  const origin = await docker.findImage(container.Config.Labels?.[LABEL.image] ?? container.Image, { signal });
  if (!origin) throw fail('IMAGE_GONE', { image: container.Config.Image });
  const name = `${to.server}/${to.repository}`;
  const tag = to.tag ?? 'latest';
  const timeoutSeconds = settings.timeouts.transferSeconds;
  await docker.commit(container.Id, name, tag, { signal, timeoutSeconds });
  await using _writing = await registry.writing(signal);
  try {
    await docker.push(name, tag, { auth: await registry.dockerLogin(to.server), signal, timeoutSeconds });
  } finally {
    await docker.removeImage(`${name}:${tag}`);
  }
  const digest = await changeConfig(registry.own, to, origin.Config, signal);
  if (before !== undefined && before !== digest) await registry.delete({ ...to, digest: before }, signal);
  return { server: to.server, repository: to.repository, digest };
}

/**
 * Removes the container of a VM and what the host has of it beside its directory: places, and images of its states and
 * snapshots. Succeeds when there is nothing.
 */
export async function removeContainer(host: DockerHost, vmId: string, context: Context): Promise<void> {
  const { registry, settings, signal } = context;
  const { docker } = host;
  const { server, repository } = registry.referenceOfVm(vmId);
  const own = `${server}/${repository}`;
  const container = await docker.find(containerName(vmId), { signal });
  const [names] = await Promise.all([
    docker.listImageNames([snapshotRepository(vmId), own, `${own}-snap-*`], { signal }),
    docker.remove(containerName(vmId), { signal }),
    docker.remove(replacementName(vmId), { signal }),
    // Of a VM that has stopped by itself it is still there.
    removeConsoleRecord(settings.frontend.consoles, vmId),
  ]);
  await Promise.all([
    host.helper('vm-remove', [vmId, ...(container ? [container.Id] : [])], { signal }),
    ...names.map((name) => docker.removeImage(name, { signal })),
  ]);
}

/** Whether an image holds the state of a VM or a snapshot of it, and goes with it. */
export function isOfVm(image: PinnedImage, vmId: string, { registry }: Context): boolean {
  const { server, repository } = registry.referenceOfVm(vmId);
  return image.server === server && `${image.repository}-snap-`.startsWith(`${repository}-snap-`);
}

/** Removes images that are of no use any more, from the registry and from a host that has them. */
export async function forgetImages(
  images: readonly PinnedImage[],
  host: DockerHost | undefined,
  { registry, log, signal }: Context,
): Promise<void> {
  await Promise.all(images.flatMap((image) => [registry.delete(image, signal), host && letGo(host, image)]));

  /** Podman takes one name with a digest for another, and keeps the image while the VM that was made of it is there. */
  async function letGo({ name, docker }: DockerHost, image: PinnedImage): Promise<void> {
    const reference = printImageReference(image);
    try {
      await docker.removeImage(reference, { signal });
    } catch (error) {
      if (!hasCode(error, 'DOCKER_CONFLICT')) throw error;
      log('info', `${name} keeps ${reference} until its VM is gone.`);
    }
  }
}
