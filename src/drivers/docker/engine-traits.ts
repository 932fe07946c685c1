/**
 * What actions have to know of an engine beforehand: how many processors it may promise, and whose root the root of its
 * containers is. Disks of VMs belong to the root of the host. An engine with userns-remap has others for its containers, and
 * the owners of disks are shifted for them; one that is not root's has no part in what the host's root makes, so it runs no VMs
 * (Docker: "Isolate containers with a user namespace", "Rootless mode").
 */
import type { EngineInfo } from './docker-types.ts';
import { fail } from './errors.ts';

export interface EngineTraits {
  readonly processors: number;
  /** The root of containers as the host numbers it; undefined where it is the host's own. */
  readonly remappedRoot: Owner | undefined;
}

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** @throws ENGINE_OF_OTHER_ROOT */
export function readTraits(place: string, info: EngineInfo): EngineTraits {
  if (info.Rootless || hasOption(info, 'rootless')) throw fail('ENGINE_OF_OTHER_ROOT', { place });
  return { processors: info.NCPU, remappedRoot: hasOption(info, 'userns') ? rootOf(info) : undefined };
}

function hasOption({ SecurityOptions }: EngineInfo, name: string): boolean {
  return SecurityOptions?.some((option) => option.split(',').includes(`name=${name}`)) ?? false;
}

/** Such an engine keeps its data in a directory of the root's numbers, `/var/lib/docker/165536.165536` (daemon/daemon_unix.go). */
function rootOf({ DockerRootDir }: EngineInfo): Owner | undefined {
  const [, uid, gid] = /\/(\d+)\.(\d+)\/?$/.exec(DockerRootDir) ?? [];
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}
