import type { OwnerRange } from '../../docker/engine-traits.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';

/**
 * What the helper's `vm-prepare` is told of the root of containers: `root UID:GID`
 * where it is another than the host's. It has to enter the VM's places, which are closed to everybody else.
 * @throws ENGINE_OF_OTHER_ROOT, ENGINE_WITHOUT_CONTROL_GROUPS
 */
export async function rootWords({ docker }: DockerHost, signal: AbortSignal): Promise<string[]> {
  const { owners } = await docker.traits({ signal });
  return owners ? ['root', `${rootOf(owners.users)}:${rootOf(owners.groups)}`] : [];
}

function rootOf(ranges: readonly OwnerRange[]): number {
  return ranges.find(({ inside }) => inside === 0)?.outside ?? 0;
}
