import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { Transport } from './transport.ts';

/** `dd` passes over what was fetched, and base64 makes of it text that any place can answer with. */
const PIECE = 'exec <"$1" && dd bs=1M skip="$2" count="$3" status=none | base64 --wrap=0';
const PIECE_MB = 16;

/**
 * Copies a file of a place to this machine, in pieces, so that none is held in memory as a whole. Whoever opens it here sees
 * all of it or none.
 * @returns its digest, `md5` in hexadecimal digits @throws COMMAND_FAILED, the signal's reason
 */
export async function receiveFile(
  from: Pick<Transport, 'run'>,
  remotePath: string,
  localPath: string,
  signal: AbortSignal,
): Promise<string> {
  const draft = `${localPath}.part`;
  const digest = createHash('md5');
  try {
    await using file = await open(draft, 'w');
    let received: Buffer;
    let megabytes = 0;
    do {
      const argv = ['sh', '-c', PIECE, 'receive', remotePath, `${megabytes}`, `${PIECE_MB}`];
      received = Buffer.from((await from.run(argv, { signal })).stdout, 'base64');
      digest.update(received);
      await file.writeFile(received);
      megabytes += PIECE_MB;
    } while (received.length === PIECE_MB * 2 ** 20);
    await rename(draft, localPath);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return digest.digest('hex');
}
