/** What ONEDock wants to know of an image before it copies it, wherever the image lies. */
import { fail } from './errors.ts';
import type { ImageConfig } from './manifest.ts';

export interface ImageDescription {
  /** As the user named it. */
  readonly name: string;
  readonly config: ImageConfig;
  /** Sum of its layers, uncompressed. It may have to be read, so it is found only when asked for. */
  readonly uncompressedBytes: () => Promise<number>;
}

const BYTES_PER_MB = 2 ** 20;

/** Rounded up: OpenNebula counts it for quotas and space. */
export function toMegabytes(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_MB);
}

/** @throws IMAGE_ARCHITECTURE when the hosts cannot run it */
export function checkArchitecture({ name, config }: ImageDescription, architecture: string): void {
  const { os = 'linux', architecture: has = architecture } = config;
  if (os === 'linux' && has === architecture) return;
  throw fail('IMAGE_ARCHITECTURE', { image: name, has: `${os}/${has}`, wanted: `linux/${architecture}` });
}
