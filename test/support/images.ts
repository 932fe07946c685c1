/**
 * Small images for tests, made on the spot: an OCI layout directory, and the archives of `docker save` in the layouts
 * that its releases have written.
 */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface TestImage {
  readonly architecture?: string;
  /** Files of each layer, by path. */
  readonly layers: readonly Readonly<Record<string, string | Buffer>>[];
  /** Command and the like, as in an image's configuration. */
  readonly config?: object;
}

/** Bytes of the layers as an image's size counts them. */
export function layerBytes(image: TestImage): number {
  return image.layers.reduce((sum, files) => sum + tar(files).length, 0);
}

/** An OCI layout directory: `oci-layout`, `index.json`, compressed layers under `blobs/sha256`. */
export async function writeOciLayout(directory: string, image: TestImage): Promise<string> {
  for (const [path, content] of Object.entries(ociLayout(image))) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  return directory;
}

/** What `docker save` writes since release 25: an OCI layout with uncompressed layers, and `manifest.json`. */
export function saveAsDocker25(image: TestImage, tags: readonly string[] = []): Buffer {
  const layout = ociLayout(image, { compress: false });
  const { config, layers } = parts(image);
  const manifest = [
    {
      Config: `blobs/sha256/${hex(config)}`,
      RepoTags: tags.length === 0 ? null : tags,
      Layers: layers.map((layer) => `blobs/sha256/${hex(layer)}`),
    },
  ];
  return tar({ ...layout, 'manifest.json': JSON.stringify(manifest) });
}

/** What releases 1.10 to 24 wrote: a directory for each layer, and `manifest.json`. Equal layers are links. */
export function saveAsDocker20(image: TestImage, tags: readonly string[] = []): Buffer {
  const { config, layers } = parts(image);
  const files: Record<string, Buffer | string | Link> = {};
  const firstPlace = new Map<string, string>();
  const paths = layers.map((layer, i) => {
    const path = `${hex(Buffer.from(`layer ${i}`))}/layer.tar`;
    const same = firstPlace.get(hex(layer));
    files[path] = same === undefined ? layer : { linkTo: `../${same}` };
    if (same === undefined) firstPlace.set(hex(layer), path);
    return path;
  });
  const manifest = [{ Config: `${hex(config)}.json`, RepoTags: tags.length === 0 ? null : tags, Layers: paths }];
  return tar({ ...files, [`${hex(config)}.json`]: config, 'manifest.json': JSON.stringify(manifest) });
}

/** What releases before 1.10 wrote: no `manifest.json`. */
export function saveAsDocker19(image: TestImage): Buffer {
  const [layer = Buffer.alloc(0)] = parts(image).layers;
  return tar({ repositories: '{"test":{"latest":"1"}}', '1/json': '{"id":"1"}', '1/layer.tar': layer });
}

function ociLayout(image: TestImage, { compress = true } = {}): Record<string, Buffer | string> {
  const { config, layers } = parts(image);
  const stored = layers.map((layer) => (compress ? gzipSync(layer) : layer));
  const suffix = compress ? '+gzip' : '';
  const descriptor = (mediaType: string, blob: Buffer) => ({
    mediaType,
    digest: `sha256:${hex(blob)}`,
    size: blob.length,
  });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: descriptor('application/vnd.oci.image.config.v1+json', config),
      layers: stored.map((blob) => descriptor(`application/vnd.oci.image.layer.v1.tar${suffix}`, blob)),
    }),
  );
  const index = {
    schemaVersion: 2,
    manifests: [descriptor('application/vnd.oci.image.manifest.v1+json', manifest)],
  };
  const blobs = [config, manifest, ...stored].map((blob) => [`blobs/sha256/${hex(blob)}`, blob] as const);
  return {
    'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
    'index.json': JSON.stringify(index),
    ...Object.fromEntries(blobs),
  };
}

function parts({ architecture = 'amd64', layers, config = { Cmd: ['/bin/true'] } }: TestImage) {
  const archives = layers.map((files) => tar(files));
  const document = {
    architecture,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: archives.map((layer) => `sha256:${hex(layer)}`) },
  };
  return { config: Buffer.from(JSON.stringify(document)), layers: archives };
}

interface Link {
  readonly linkTo: string;
}

const BLOCK = 512;

/** A tar archive in ustar form, executable files owned by root. */
export function tar(files: Readonly<Record<string, Buffer | string | Link>>): Buffer {
  const members = Object.entries(files).flatMap(([path, content]) => {
    if (typeof content === 'object' && 'linkTo' in content) return [header(path, 0, content.linkTo)];
    const data = Buffer.from(content);
    return [header(path, data.length), data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...members, Buffer.alloc(2 * BLOCK)]);
}

function header(path: string, size: number, linkTo?: string): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, '0');
  block.write(path, 0);
  block.write(octal(0o755, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.write(' '.repeat(8), 148);
  block.write(linkTo === undefined ? '0' : '2', 156);
  if (linkTo !== undefined) block.write(linkTo, 157);
  block.write('ustar\u000000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 7)}\0 `, 148);
  return block;
}

function hex(blob: Buffer): string {
  return createHash('sha256').update(blob).digest('hex');
}
