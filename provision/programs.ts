/** Brings directories of this machine, laid one over the other, to a machine that runs. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Transport } from '../src/transport/transport.ts';
import { $ } from './command.ts';

const ARCHIVE = '/var/tmp/onedock-programs.tar';
const TRANSFER_TIMEOUT_SECONDS = 1200;

/**
 * @param layers  directories of this machine; their owners are kept by number
 * @param into  directory of the machine
 */
export async function deliverPrograms(machine: Transport, layers: readonly string[], into = '/'): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'onedock-programs-'));
  const archive = join(folder, 'programs.tar');
  try {
    // By name: tar (1.34) forgets the mode of a folder that is `.` of two archives in one.
    const sources = await Promise.all(layers.map(async (layer) => ['-C', layer, ...(await readdir(layer))]));
    await $`tar --create --numeric-owner --file ${archive} ${sources.flat()}`;
    await machine.put(archive, ARCHIVE);
  } finally {
    await rm(folder, { recursive: true });
  }
  // Folders that are there keep their owner and mode; a link to a folder stays one.
  const extract = ['tar', '--extract', '--numeric-owner', '--no-overwrite-dir', '--keep-directory-symlink'];
  const options = { timeoutSeconds: TRANSFER_TIMEOUT_SECONDS };
  await machine.run(['mkdir', '-p', into]);
  await machine.run([...extract, '--file', ARCHIVE, '--directory', into], options);
  await machine.run(['rm', ARCHIVE]);
}
