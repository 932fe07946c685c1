/**
 * What an image is built from: a Dockerfile and the files that it may copy, out of a directory, an archive, or nothing but
 * the Dockerfile itself. The files go to the builder as they lie here; the Dockerfile is put in its place.
 */
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { Readable } from 'node:stream';
import { packFiles } from '../../../../transport/pack-files.ts';
import { tarArchive } from '../../../../transport/tar-archive.ts';
import { fail } from '../../errors.ts';
import type { FileTree } from '../file-tree.ts';
import type { BuildUrl } from './build-url.ts';
import { readIgnored } from './docker-ignore.ts';

export interface BuildContext extends AsyncDisposable {
  readonly kind: 'build';
  readonly url: BuildUrl;
  readonly dockerfile: string;
  /** Of all files together. */
  readonly bytes: number;
  /** A tar archive of the files, with another Dockerfile. */
  open(dockerfile: string, signal: AbortSignal): Readable;
}

const IGNORE_FILE = '.dockerignore';
/** Two blocks of zeros end an archive; another may be laid behind what stands before them. */
const END_BYTES = 1024;
const NOTHING = { async [Symbol.asyncDispose]() {} };

/** @param path  PATH of the image, for errors @throws BUILD_FILE_MISSING, BUILD_PATH_OUTSIDE */
export async function directoryContext(path: string, directory: string, url: BuildUrl): Promise<BuildContext> {
  const file = checkFile(url.file);
  const dockerfile = await readFile(join(directory, file), 'utf8').catch((cause: unknown) => {
    throw fail('BUILD_FILE_MISSING', { path, file }, cause);
  });
  const ignore = await readFile(join(directory, IGNORE_FILE), 'utf8').catch(() => '');
  const { paths, bytes } = await listFiles(directory, readIgnored(ignore));
  const others = paths.filter((each) => each !== file);
  const open = (text: string, signal: AbortSignal) =>
    joined(async function* () {
      yield* [withoutEnd(tarArchive([{ path: file, content: text }]))];
      yield* packFiles(directory, others, signal);
    });
  return { kind: 'build', url, dockerfile, bytes, open, ...NOTHING };
}

/**
 * @param archive  a plain tar archive
 * @param endsAt  where its members end
 */
export async function archiveContext(
  path: string,
  archive: { readonly file: string; readonly tree: FileTree; readonly endsAt: number } & AsyncDisposable,
  url: BuildUrl,
): Promise<BuildContext> {
  const file = checkFile(url.file);
  const dockerfile = await archive.tree.readText(file).catch((cause: unknown) => {
    throw fail('BUILD_FILE_MISSING', { path, file }, cause);
  });
  const open = (text: string) =>
    joined(async function* () {
      yield* createReadStream(archive.file, { end: archive.endsAt - 1 });
      // Of two members with one name the later one is left when it is unpacked.
      yield tarArchive([{ path: file, content: text }]);
    });
  const { size } = await stat(archive.file);
  const close = () => archive[Symbol.asyncDispose]();
  return { kind: 'build', url, dockerfile, bytes: size, open, [Symbol.asyncDispose]: close };
}

/** A Dockerfile alone has nothing to copy from but other images. */
export function textContext(dockerfile: string, url: BuildUrl): BuildContext {
  const file = 'Dockerfile';
  const open = (text: string) => Readable.from([tarArchive([{ path: file, content: text }])]);
  return { kind: 'build', url: { ...url, file }, dockerfile, bytes: 0, open, ...NOTHING };
}

function checkFile(file: string): string {
  const normal = posix.normalize(file).replace(/^\/+/, '');
  if (normal === '..' || normal.startsWith('../')) throw fail('BUILD_PATH_OUTSIDE', { file });
  return normal;
}

/** Files, links and folders that are part of the context, by path. Links are not followed. */
async function listFiles(directory: string, isIgnored: (path: string) => boolean) {
  const paths: string[] = [];
  let bytes = 0;
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = posix.relative(directory, join(entry.parentPath, entry.name));
    if (isIgnored(path)) continue;
    if (!entry.isFile() && !entry.isDirectory() && !entry.isSymbolicLink()) continue;
    paths.push(path);
    if (entry.isFile()) bytes += (await lstat(join(directory, path))).size;
  }
  return { paths: paths.toSorted(), bytes };
}

function withoutEnd(archive: Buffer): Buffer {
  return archive.subarray(0, archive.length - END_BYTES);
}

function joined(chunks: () => AsyncGenerator<Buffer>): Readable {
  return Readable.from(chunks());
}
