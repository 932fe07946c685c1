import type { OwnerRange } from '../../docker/engine-traits.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import type { DataDisk } from './vm.ts';

/**
 * How the helper is to mount a disk: `ro` or `rw`, and `:USERS:GROUPS` behind it where users of containers are others than the
 * host's, to whom what is theirs on the disk then belongs: lists of `INSIDE-OUTSIDE-COUNT`.
 * @throws ENGINE_OF_OTHER_ROOT, ENGINE_WITHOUT_CONTROL_GROUPS
 */
export async function diskMode({ docker }: DockerHost, { readOnly }: DataDisk, signal: AbortSignal): Promise<string> {
  const { owners } = await docker.traits({ signal });
  const shifted = owners ? [printRanges(owners.users), printRanges(owners.groups)] : [];
  return [readOnly ? 'ro' : 'rw', ...shifted].join(':');
}

function printRanges(ranges: readonly OwnerRange[]): string {
  return ranges.map(({ inside, outside, count }) => `${inside}-${outside}-${count}`).join(',');
}
