/** The files of an image that is not in a registry: an OCI layout in a directory, or what a tar archive holds. */
import { stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { type StoredLayer, uncompressedBytes } from '../../registry/layer-size.ts';
import { storedFile } from '../image-content.ts';
import { readTarMembers, type TarMember } from './tar-members.ts';

export interface FileTree {
  has(path: string): Promise<boolean>;
  /** A small file. @throws Error when it is not there */
  readText(path: string): Promise<string>;
  /** A JSON document. @throws Error when it is not there, or no document */
  readDocument<Document>(path: string): Promise<Document>;
  /** Size of a layer when it is unpacked from its compression. */
  layerBytes(path: string): Promise<number>;
}

/** Documents of an image have some kilobytes; anything far larger is none. */
const MOST_DOCUMENT_BYTES = 4 * 2 ** 20;
const MOST_LINKS = 8;

export function directoryTree(directory: string): FileTree {
  return fileTree(async (path) => {
    const file = join(directory, posix.join('/', path));
    const found = await stat(file).catch(() => undefined);
    return found?.isFile() ? storedFile(file, 0, found.size) : undefined;
  });
}

export interface ArchiveContent {
  readonly tree: FileTree;
  /** Where the last member ends. */
  readonly endsAt: number;
}

/** @returns undefined when the file is no tar archive */
export async function openArchive(archive: string): Promise<ArchiveContent | undefined> {
  const found = await readTarMembers(archive);
  if (!found) return undefined;
  const byPath = new Map(found.members.map((member) => [member.path, member]));
  const tree = fileTree(async (path) => {
    const member = followLinks(byPath, path);
    return member && storedFile(archive, member.offset, member.bytes);
  });
  return { tree, endsAt: found.endsAt };
}

function fileTree(find: (path: string) => Promise<StoredLayer | undefined>): FileTree {
  const get = async (path: string) => {
    const file = await find(path);
    if (file) return file;
    throw new Error(`it has no ${path}`);
  };
  const readText = async (path: string) => {
    const { bytes, read } = await get(path);
    if (bytes > MOST_DOCUMENT_BYTES) throw new Error(`${path} is too large`);
    return (await read(0, bytes)).toString('utf8');
  };
  return {
    has: async (path) => (await find(path)) !== undefined,
    readText,
    readDocument: async (path) => JSON.parse(await readText(path)),
    layerBytes: async (path) => uncompressedBytes(await get(path)),
  };
}

function followLinks(members: ReadonlyMap<string, TarMember>, path: string): TarMember | undefined {
  let member = members.get(path);
  for (let links = 0; member?.linkTo !== undefined && links < MOST_LINKS; links++) {
    member = members.get(posix.resolve('/', posix.dirname(member.path), member.linkTo).slice(1));
  }
  return member?.linkTo === undefined ? member : undefined;
}
