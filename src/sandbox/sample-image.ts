/**
 * The sample image: Debian's static busybox and a page that its httpd serves, as a `docker save` archive. It needs no
 * Docker daemon and no Internet, and is a few files small.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { arch } from 'node:process';
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
  return dockerArchive(rootFileSystem(busybox));
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

/** An archive as `docker save` writes it (Docker Image Specification v1.2), with one layer. */
function dockerArchive(files: readonly TarEntry[]): Buffer {
  const layer = tarArchive(files);
  const layerDigest = sha256(layer);
  const config = JSON.stringify({
    architecture: ARCHITECTURES[arch] ?? arch,
    os: 'linux',
    created: new Date(0).toISOString(),
    config: {
      Cmd: ['httpd', '-f', '-v', '-p', '80', '-h', '/www'],
      Env: ['PATH=/bin'],
      ExposedPorts: { '80/tcp': {} },
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${layerDigest}`] },
    history: [{ created: new Date(0).toISOString(), created_by: 'ONEDock' }],
  });
  const configName = `${sha256(config)}.json`;
  const layerName = `${layerDigest}.tar`;
  const manifest = [{ Config: configName, RepoTags: [`${SAMPLE_NAME}:${SAMPLE_TAG}`], Layers: [layerName] }];
  return tarArchive([
    { path: 'manifest.json', content: JSON.stringify(manifest) },
    { path: configName, content: config },
    { path: layerName, content: layer },
  ]);
}

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}
