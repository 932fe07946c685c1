/** Brings a file of the front-end or of a web server into a datastore, as the stock fs driver does. */
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { compressionOf } from '../registry/layer-size.ts';
import { checksumsOf } from './checksums.ts';
import { fail } from './errors.ts';
import { openContent, refuseQcow2 } from './image-content.ts';
import { writeWhole } from './image-file.ts';
import type { DatastoreRequest, ImageRequest } from './request.ts';
import { writeSparse } from './sparse-file.ts';

/** What the formats that are recognized need of the beginning of a file. */
const HEAD_BYTES = 8;

/**
 * Copies what PATH names to a file, with holes where there are zeros. Compressed files are unpacked unless the
 * datastore is one of plain files or has NO_DECOMPRESS; MD5 and SHA1 of the image are compared with what was read.
 * @throws CHECKSUM_WRONG, IMAGE_FORMAT_UNSUPPORTED, and what `openContent` throws; nothing is left then
 */
export async function importFile(
  to: string,
  image: ImageRequest,
  datastore: DatastoreRequest,
  signal: AbortSignal,
): Promise<void> {
  const checksums = checksumsOf(image);
  const keep = keepsCompressed(datastore);
  await writeWhole(to, async (temporary) => {
    const content = await openContent(image.path, datastore, signal);
    const { head, all } = await peek(checksums.watch(content));
    await writeSparse(temporary, keep ? all : unpack(head, all, image.path));
    checksums.compare();
  });
}

/** Whether a compressed file stays as it is. */
export function keepsCompressed({ type, template }: DatastoreRequest): boolean {
  const isFileDatastore = type === '2';
  return (template.NO_DECOMPRESS ?? (isFileDatastore ? 'yes' : 'no')).toLowerCase() === 'yes';
}

/** Looks at the beginning of a stream without taking it away. */
async function peek(chunks: AsyncGenerator<Buffer>): Promise<{ head: Buffer; all: AsyncIterable<Buffer> }> {
  let head = Buffer.alloc(0);
  while (head.length < HEAD_BYTES) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  async function* all() {
    yield head;
    yield* chunks;
  }
  return { head, all: all() };
}

async function* unpack(head: Buffer, all: AsyncIterable<Buffer>, path: string): AsyncIterable<Buffer> {
  refuseUnreadable(head, path);
  const compression = compressionOf(head);
  if (compression === 'none') yield* all;
  else yield* Readable.from(all).compose(compression === 'gzip' ? createGunzip() : createZstdDecompress());
}

/** Compressions that are known by their first bytes, and that nothing here can unpack. */
const UNREADABLE: Readonly<Record<string, string>> = { '425a68': 'bzip2', fd377a585a00: 'xz' };

function refuseUnreadable(head: Buffer, path: string): void {
  refuseQcow2(head);
  const hex = head.toString('hex');
  const [, program] = Object.entries(UNREADABLE).find(([magic]) => hex.startsWith(magic)) ?? [];
  if (program === undefined) return;
  throw fail('PATH_UNSUPPORTED', {
    path,
    problem: `it is compressed with ${program}`,
    todo: `Unpack it first, or set NO_DECOMPRESS=yes in the datastore to keep it as it is.`,
  });
}
