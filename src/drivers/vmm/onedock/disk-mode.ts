import type { DockerHost } from '../../hosts/docker-hosts.ts';
import type { DataDisk } from './vm.ts';

/**
 * How the helper is to mount a disk: `ro` or `rw`, and `:UID:GID` behind it where the root of containers is another than the
 * host's, to whom what is root's on the disk then belongs.
 * @throws ENGINE_OF_OTHER_ROOT
 */
export async function diskMode({ docker }: DockerHost, { readOnly }: DataDisk, signal: AbortSignal): Promise<string> {
  const { remappedRoot } = await docker.traits({ signal });
  const owner = remappedRoot ? `:${remappedRoot.uid}:${remappedRoot.gid}` : '';
  return `${readOnly ? 'ro' : 'rw'}${owner}`;
}
