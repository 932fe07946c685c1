import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { compressionOf } from '../../registry/layer-size.ts';
import { storedFile } from '../image-content.ts';

/** Large files do not belong in /tmp, which may lie in memory (file-hierarchy(7)). */
const LARGE_TEMPORARY = process.env.TMPDIR ?? '/var/tmp';
const MAGIC_BYTES = 4;

export interface PlainArchive extends AsyncDisposable {
  readonly file: string;
}

/** An archive that can be read from the middle: the file itself, or what it was compressed from, until disposed of. */
export async function unpackArchive(file: string, signal: AbortSignal): Promise<PlainArchive> {
  const compression = compressionOf(await storedFile(file, 0, MAGIC_BYTES).read(0, MAGIC_BYTES));
  if (compression === 'none') return { file, async [Symbol.asyncDispose]() {} };
  const directory = await mkdtemp(join(LARGE_TEMPORARY, 'onedock-archive-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const plain = join(directory, 'archive.tar');
    const unpack = compression === 'gzip' ? createGunzip() : createZstdDecompress();
    await pipeline(createReadStream(file), unpack, createWriteStream(plain, { mode: 0o600 }), { signal });
    return { file: plain, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
