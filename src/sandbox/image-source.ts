/**
 * Images that lie on the user's machine are brought to where the front-end's drivers can read them. OpenNebula takes
 * files only from its safe directories, of which /var/tmp is the one by default (SAFE_DIRS).
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Transport } from '../transport/transport.ts';
import { fail } from './errors.ts';
import { SAMPLE_NAME, sampleImage } from './sample-image.ts';

const FOLDER = '/var/tmp/onedock-images';
const SAMPLE_ARCHIVE = `${FOLDER}/sample.tar`;
const HUB_AUTHORITY = '/etc/one/onedock-ca.crt';
const TRANSFER_SECONDS = 3600;

export interface Delivered {
  /** For PATH of the image's template. */
  readonly path: string;
  /** Takes away what was brought, once the image is registered. */
  discard(): Promise<void>;
}

interface Places {
  readonly local: Transport;
  readonly frontEnd: Transport;
}

/** Brings the sample image to the front-end: into the stand-in hub, or as an archive. */
export async function deliverSample({ frontEnd }: Places, { standInHub }: { standInHub: boolean }): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const archive = join(folder, 'sample.tar');
    await writeFile(archive, await sampleImage(), { mode: 0o644 });
    await frontEnd.run(['mkdir', '-p', FOLDER]);
    await frontEnd.put(archive, SAMPLE_ARCHIVE);
  });
  if (!standInHub) return;
  const hub = `docker://hub:5001/${SAMPLE_NAME}:latest`;
  // Go's programs take the authorities that they trust from this file (crypto/x509).
  const env = { SSL_CERT_FILE: HUB_AUTHORITY };
  await frontEnd.run(['skopeo', 'copy', '--quiet', `oci-archive:${SAMPLE_ARCHIVE}`, hub], { env });
}

/** PATH by which the sample image is registered after `deliverSample`. */
export function samplePath({ standInHub }: { standInHub: boolean }): string {
  return standInHub ? `docker://${SAMPLE_NAME}:latest` : SAMPLE_ARCHIVE;
}

/**
 * @param source  `docker://…` as it is, `docker-daemon:name` out of this machine's engine, an archive or a directory
 * @param folder  from which relative paths count
 * @throws IMAGE_SOURCE_UNKNOWN
 */
export async function deliverImage(places: Places, source: string, folder: string): Promise<Delivered> {
  if (/^[a-z]+:\/\//.test(source)) return { path: source, discard: async () => {} };
  if (source.startsWith('docker-daemon:')) return deliverFromDaemon(places, source.slice('docker-daemon:'.length));
  const found = await stat(resolve(folder, source)).catch((cause: unknown) => {
    throw fail('IMAGE_SOURCE_UNKNOWN', { source }, cause);
  });
  return found.isDirectory()
    ? deliverDirectory(places, resolve(folder, source))
    : deliverFile(places, resolve(folder, source));
}

async function deliverFromDaemon(places: Places, name: string): Promise<Delivered> {
  return withTemporaryFolder(async (folder) => {
    const archive = join(folder, 'image.tar');
    await places.local.run(['docker', 'save', '--output', archive, name], { timeoutSeconds: TRANSFER_SECONDS });
    return deliverFile(places, archive);
  });
}

async function deliverFile({ frontEnd }: Places, file: string): Promise<Delivered> {
  const path = `${FOLDER}/${randomUUID()}.tar`;
  await frontEnd.run(['mkdir', '-p', FOLDER]);
  await frontEnd.put(file, path);
  // Whoever may read the file here, the drivers must be able to read it there.
  await frontEnd.run(['chmod', '644', path]);
  return { path, discard: () => discard(frontEnd, path) };
}

async function deliverDirectory(places: Places, directory: string): Promise<Delivered> {
  return withTemporaryFolder(async (folder) => {
    const archive = join(folder, 'layout.tar');
    await places.local.run(['tar', '-C', directory, '-cf', archive, '.'], { timeoutSeconds: TRANSFER_SECONDS });
    const packed = await deliverFile(places, archive);
    const path = `${FOLDER}/${randomUUID()}`;
    const { frontEnd } = places;
    await frontEnd.run(['mkdir', '-p', path]);
    await frontEnd.run(['tar', '-C', path, '--no-same-owner', '--mode=a+rX', '-xf', packed.path], {
      timeoutSeconds: TRANSFER_SECONDS,
    });
    await packed.discard();
    return { path, discard: () => discard(frontEnd, path) };
  });
}

async function discard(frontEnd: Transport, path: string): Promise<void> {
  await frontEnd.run(['rm', '-rf', '--', path]);
}

async function withTemporaryFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'onedock-image-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
