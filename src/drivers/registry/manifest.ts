/** The documents of a registry that say what an image consists of (OCI image specification 1.1; Docker's schema 2). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes as stored. */
  readonly size: number;
  readonly platform?: { readonly os: string; readonly architecture: string };
}

export interface ImageManifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** One name for several architectures. */
export interface ImageIndex {
  readonly manifests: readonly Descriptor[];
}

/** How an image is run: the `config` of its configuration. */
export interface RunConfig {
  readonly Volumes?: Readonly<Record<string, object>>;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly [other: string]: unknown;
}

/** The part of an image's configuration that ONEDock reads. */
export interface ImageConfig {
  readonly os?: string;
  readonly architecture?: string;
}

const MANIFEST_TYPES = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
];
const INDEX_TYPES = [
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.index.v1+json',
];

/** Value of the Accept header: what ONEDock understands. */
export const ACCEPTED_MANIFESTS = [...MANIFEST_TYPES, ...INDEX_TYPES].join(', ');

export function isManifestType(mediaType: string): boolean {
  return MANIFEST_TYPES.includes(mediaType);
}

export function isIndexType(mediaType: string): boolean {
  return INDEX_TYPES.includes(mediaType);
}

/** The Linux image of an architecture in an index. */
export function findPlatform(index: ImageIndex, architecture: string): Descriptor | undefined {
  return index.manifests.find((each) => each.platform?.os === 'linux' && each.platform.architecture === architecture);
}

/** `linux/amd64, linux/arm64` */
export function platformsOf(index: ImageIndex): string {
  const known = index.manifests.flatMap(({ platform }) =>
    platform && platform.os !== 'unknown' ? [`${platform.os}/${platform.architecture}`] : [],
  );
  return known.length === 0 ? 'no known platform' : known.join(', ');
}
