/**
 * VMs that were containers before OpenNebula knew of them. Such a container keeps its name and all that it is; its id is
 * the deploy id. That it is a VM stands in the VM's directory on the host: an empty file there is named after it, and goes
 * with the directory when the VM is done.
 */
import { posix } from 'node:path';
import type { DockerHost } from './docker-hosts.ts';

/** Numbers of imported VMs by the ids of their containers. */
export async function findImported(
  host: DockerHost,
  datastoreLocation: string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const records = ['-mindepth', '4', '-maxdepth', '4', '-path', `*/${FOLDER}/*`, '-printf', '%P\\n'];
  const { stdout } = await host.run(['find', posix.normalize(datastoreLocation), ...records], {
    ...(signal && { signal }),
    shell: 'look',
    // The directory is made by the first VM.
    acceptExitCodes: [0, 1],
  });
  const found = stdout.matchAll(/^\d+\/(\d+)\/imported\/([0-9a-f]{64})$/gm);
  return new Map(Array.from(found, ([, vmId, container = '']) => [container, Number(vmId)]));
}

/** @param directory  of the VM on the host */
export async function recordImport(
  host: DockerHost,
  directory: string,
  containerId: string,
  signal: AbortSignal,
): Promise<void> {
  const record = { name: containerId, content: Buffer.alloc(0), mode: 0o644 };
  await host.sendFiles([record], posix.join(directory, FOLDER), { signal });
}

const FOLDER = 'imported';
