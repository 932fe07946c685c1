/** Files that go from one host to another. Hosts need not be able to reach each other, so they go by way of this machine. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { CopyOptions, DockerHost } from './docker-hosts.ts';

/** Large files do not belong in /tmp, which may lie in memory (file-hierarchy(7)). */
const LARGE_TEMPORARY = process.env.TMPDIR ?? '/var/tmp';

/** A file or a directory, holes kept; what was at the destination is replaced at the end. */
export async function carry(
  from: Pick<DockerHost, 'receive'>,
  source: string,
  to: Pick<DockerHost, 'send'>,
  destination: string,
  options: CopyOptions,
): Promise<void> {
  const directory = await mkdtemp(join(LARGE_TEMPORARY, 'onedock-copy-'));
  const here = join(directory, posix.basename(source));
  try {
    await from.receive(source, here, options);
    await to.send(here, destination, options);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
