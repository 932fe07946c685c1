/** Where the bytes of an image that is a file come from: a path of the front-end, or a URL. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { reasonOf } from '../../errors/thrown.ts';
import { type StoredLayer, uncompressedBytes } from '../registry/layer-size.ts';
import { allowedPath } from './allowed-path.ts';
import { fail } from './errors.ts';
import type { DatastoreRequest } from './request.ts';

const CHUNK_BYTES = 2 ** 20;
/** `QFI` and 0xfb: https://gitlab.com/qemu-project/qemu, docs/interop/qcow2.rst */
const QCOW2_MAGIC = 0x514649fb;

export function isUrl(path: string): boolean {
  return /^https?:\/\//.test(path);
}

/** @throws PATH_NOT_ALLOWED, PATH_MISSING, DOWNLOAD_FAILED */
export async function openContent(path: string, datastore: DatastoreRequest, signal: AbortSignal): Promise<Readable> {
  if (isUrl(path)) return download(path, signal);
  return createReadStream(await allowedPath(path, datastore), { highWaterMark: CHUNK_BYTES, signal });
}

/**
 * Size of the image that a path or URL would give.
 * @param keepCompressed  whether a compressed file stays as it is, as in a datastore of plain files
 */
export async function contentBytes(
  path: string,
  datastore: DatastoreRequest,
  { keepCompressed, signal }: { keepCompressed: boolean; signal: AbortSignal },
): Promise<number> {
  if (isUrl(path)) return downloadBytes(path, signal);
  const file = await allowedPath(path, datastore);
  const { size } = await stat(file);
  const stored = storedFile(file, 0, size);
  refuseQcow2(await stored.read(0, Math.min(4, size)));
  return keepCompressed ? size : uncompressedBytes(stored);
}

/** A part of a file, which may be compressed. */
export function storedFile(path: string, offset: number, bytes: number): StoredLayer {
  return {
    bytes,
    async read(start, length) {
      await using file = await open(path);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset + start);
      return buffer.subarray(0, bytesRead);
    },
    open: async () => createReadStream(path, { start: offset, end: offset + bytes - 1, highWaterMark: CHUNK_BYTES }),
  };
}

/** @throws IMAGE_FORMAT_UNSUPPORTED */
export function refuseQcow2(head: Buffer): void {
  if (head.length >= 4 && head.readUInt32BE(0) === QCOW2_MAGIC)
    throw fail('IMAGE_FORMAT_UNSUPPORTED', { format: 'qcow2' });
}

/** What a web server sends. @throws DOWNLOAD_FAILED */
export async function download(url: string, signal: AbortSignal): Promise<Readable> {
  const reply = await ask(url, 'GET', signal);
  return reply.body ? Readable.fromWeb(reply.body) : Readable.from([]);
}

async function downloadBytes(url: string, signal: AbortSignal): Promise<number> {
  const length = (await ask(url, 'HEAD', signal)).headers.get('content-length');
  if (length === null) throw fail('DOWNLOAD_FAILED', { url, problem: 'the server does not tell its size' });
  return Number(length);
}

async function ask(url: string, method: 'GET' | 'HEAD', signal: AbortSignal): Promise<Response> {
  const reply = await fetch(url, { method, signal }).catch((cause: Error) => {
    throw fail('DOWNLOAD_FAILED', { url, problem: reasonOf(cause) }, cause);
  });
  if (!reply.ok) throw fail('DOWNLOAD_FAILED', { url, problem: `the server answered ${reply.status}` });
  return reply;
}
