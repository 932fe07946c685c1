import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { OnedockError } from '../../../errors/onedock-error.ts';
import { messageOf } from '../../../errors/thrown.ts';
import type { Checksums } from '../checksums.ts';
import { fail } from '../errors.ts';
import { download } from '../image-content.ts';

const BYTES_PER_MB = 2 ** 20;

export interface FetchedArchive extends AsyncDisposable {
  readonly file: string;
}

export interface FetchOptions {
  /** Where it is kept until disposed of. What a fetch that was killed left there is overwritten. */
  readonly file: string;
  readonly limitMb: number;
  readonly checksums: Checksums;
  readonly signal: AbortSignal;
}

/**
 * Fetches an archive from a web address. The size is watched as it comes, since servers need not tell it.
 * @throws DOWNLOAD_FAILED, DOWNLOAD_TOO_LARGE, CHECKSUM_WRONG; nothing is left then
 */
export async function fetchArchive(url: string, options: FetchOptions): Promise<FetchedArchive> {
  const { file, limitMb, checksums, signal } = options;
  const remove = () => rm(file, { force: true });
  try {
    const content = await download(url, signal);
    await mkdir(dirname(file), { recursive: true });
    const within = (chunks: AsyncIterable<Buffer>) => upTo(limitMb, url, chunks);
    await pipeline(content, within, (chunks) => checksums.watch(chunks), createWriteStream(file, { mode: 0o600 }), {
      signal,
    });
    checksums.compare();
  } catch (error) {
    await remove();
    throw signal.aborted || error instanceof OnedockError ? error : brokenOff(url, error);
  }
  return { file, [Symbol.asyncDispose]: remove };
}

async function* upTo(limitMb: number, url: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > limitMb * BYTES_PER_MB) throw fail('DOWNLOAD_TOO_LARGE', { url, limitMb });
    yield chunk;
  }
}

function brokenOff(url: string, error: unknown) {
  const problem = messageOf(error);
  return fail('DOWNLOAD_FAILED', { url, problem }, error);
}
