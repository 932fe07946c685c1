/**
 * Images that are raw files on the front-end: data disks of the onedock datastore, and all of the fs datastore. A file
 * appears under its name only when it is whole, so that an action that failed or was killed leaves nothing to use.
 */
import { mkdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { runProcess } from '../../transport/run-process.ts';
import { fail } from './errors.ts';
import { formatCommand, SYSTEM_PATH } from './file-systems.ts';
import type { DatastoreRequest, ImageRequest } from './request.ts';

const BYTES_PER_MB = 2 ** 20;
const FORMAT_SECONDS = 600;
const COPY_SECONDS = 3600;

/** Where the file of an image lies. The same id gives the same path, so that an action that is repeated overwrites. */
export function imagePath({ basePath }: DatastoreRequest, imageId: string): string {
  return join(basePath, `image-${imageId}`);
}

/** Makes a file by `write`, which gets the path of a temporary one beside it. */
export async function writeWhole(path: string, write: (temporaryPath: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.new`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await rm(temporary, { force: true });
    await write(temporary);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * An empty image: a file without blocks, and a file system in it if one is wanted.
 * @throws IMAGE_FORMAT_UNSUPPORTED, FILE_SYSTEM_UNSUPPORTED
 */
export async function makeEmptyImage(
  path: string,
  { sizeMb, format, fileSystem }: ImageRequest,
  signal: AbortSignal,
): Promise<void> {
  if (format !== '' && format !== 'raw') throw fail('IMAGE_FORMAT_UNSUPPORTED', { format });
  await writeWhole(path, async (temporary) => {
    await writeFile(temporary, '', { mode: 0o660 });
    await truncate(temporary, sizeMb * BYTES_PER_MB);
    const command = formatCommand(fileSystem, temporary);
    if (!command) return;
    const place = { name: 'the front-end', command };
    await runProcess(place, { env: SYSTEM_PATH, signal, timeoutSeconds: FORMAT_SECONDS });
  });
}

/** Copies a file of the front-end with its holes, sharing blocks where the file system can. */
export async function copyImageFile(from: string, to: string, signal: AbortSignal): Promise<void> {
  await writeWhole(to, async (temporary) => {
    const command = ['cp', '--sparse=always', '--reflink=auto', '--', from, temporary];
    await runProcess({ name: 'the front-end', command }, { signal, timeoutSeconds: COPY_SECONDS });
  });
}

/**
 * Removes the file of an image. Nothing there is no error.
 * @returns false, and does nothing, when the file is not one of the datastore: its SOURCE was given by hand
 */
export async function removeImageFile({ basePath }: DatastoreRequest, source: string): Promise<boolean> {
  const path = posix.normalize(source);
  if (dirname(path) !== basePath) return false;
  await rm(path, { force: true });
  return true;
}
