/**
 * The sample image: Debian's static busybox and a page that its httpd serves, as an archive of an OCI layout. It needs no
 * Docker daemon and no Internet, and is a few files small.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { arch } from 'node:process';
import { gzipSync } from 'node:zlib';
import { type TarEntry, tarArchive } from '../transport/tar-archive.ts';
import { fail } from './errors.ts';

export const SAMPLE_NAME = 'onedock/sample';
const SAMPLE_TAG = 'latest';

const BUSYBOX = '/bin/busybox';
/** Commands that people look for in a machine. Its `ping` is not among them: it insists on raw sockets, which VMs lack. */
const APPLETS = `cat cp df env free grep hostname httpd id ip kill less ls mkdir mount mv nc nslookup ps rm sed
  sh sleep stat tail top touch uname uptime vi wget`.split(/\s+/);

/** As Docker and OCI name what Node calls `process.arch`. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>ONEDock</title>
<h1>It works</h1>
<p>This page comes from a container that OpenNebula runs as a virtual machine.
`;

/** @throws BUSYBOX_MISSING */
export async function sampleImage(): Promise<Buffer> {
  const busybox = await readFile(BUSYBOX).catch((cause: unknown) => {
    throw fail('BUSYBOX_MISSING', {}, cause);
  });
  return ociArchive(rootFileSystem(busybox));
}

function rootFileSystem(busybox: Buffer): TarEntry[] {
  return [
    { path: 'bin/' },
    { path: 'bin/busybox', content: busybox, mode: 0o755 },
    ...APPLETS.map((applet) => ({ path: `bin/${applet}`, linkTo: 'busybox' })),
    { path: 'etc/' },
    { path: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\n' },
    { path: 'etc/group', content: 'root:x:0:\n' },
    { path: 'root/', mode: 0o700 },
    { path: 'tmp/', mode: 0o1777 },
    { path: 'www/' },
    { path: 'www/index.html', content: PAGE },
  ];
}

/**
 * An OCI image layout (OCI Image Format Specification 1.0) with one layer. It is in gzip's form, in which registries keep
 * layers, so that it is copied as it is; it is not compressed, since it goes no further than this machine.
 */
function ociArchive(files: readonly TarEntry[]): Buffer {
  const tar = tarArchive(files);
  const layer = blob('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tar, { level: 0 }));
  const config = blob(
    'application/vnd.oci.image.config.v1+json',
    json({
      architecture: ARCHITECTURES[arch] ?? arch,
      os: 'linux',
      created: new Date(0).toISOString(),
      config: {
        Cmd: ['httpd', '-f', '-v', '-p', '80', '-h', '/www'],
        Env: ['PATH=/bin'],
        ExposedPorts: { '80/tcp': {} },
      },
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
      history: [{ created: new Date(0).toISOString(), created_by: 'ONEDock' }],
    }),
  );
  const manifest = blob(
    'application/vnd.oci.image.manifest.v1+json',
    json({ schemaVersion: 2, config: config.descriptor, layers: [layer.descriptor] }),
  );
  const annotations = { 'org.opencontainers.image.ref.name': SAMPLE_TAG };
  return tarArchive([
    { path: 'oci-layout', content: json({ imageLayoutVersion: '1.0.0' }) },
    { path: 'index.json', content: json({ schemaVersion: 2, manifests: [{ ...manifest.descriptor, annotations }] }) },
    // skopeo, when it is not root, cannot make folders that the archive only implies.
    { path: 'blobs/' },
    { path: 'blobs/sha256/' },
    ...[manifest, config, layer].map(({ path, content }) => ({ path, content })),
  ]);
}

function blob(mediaType: string, content: Buffer) {
  const digest = digestOf(content);
  return {
    descriptor: { mediaType, digest, size: content.length },
    path: `blobs/${digest.replace(':', '/')}`,
    content,
  };
}

function json(document: object): Buffer {
  return Buffer.from(JSON.stringify(document));
}

function digestOf(data: Buffer): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}
