/**
 * A container disk on a host is a small file that names its image: one line, `docker://server/path@sha256:…`. The image
 * itself is kept by the host's Docker Engine. The transfer driver writes it, the virtualization driver reads it.
 */
import { DOCKER_HUB, type ImageReference, imageUrl, isImageUrl, parseImageReference } from './image-reference.ts';

export type PinnedImage = ImageReference & { readonly digest: string };

export function printDiskMarker(image: PinnedImage): string {
  return `${imageUrl(image)}\n`;
}

/** @returns undefined when a file is no such marker, but a disk of its own */
export function parseDiskMarker(text: string): PinnedImage | undefined {
  const [line = ''] = text.split('\n', 1);
  if (!isImageUrl(line)) return undefined;
  const { digest, ...image } = parseImageReference(line, DOCKER_HUB);
  return digest === undefined ? undefined : { ...image, digest };
}
