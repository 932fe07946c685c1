/**
 * What actions have to know of an engine beforehand: how many processors it may promise, who the users of its containers are,
 * and whether it can hold containers to limits. Disks of VMs belong to the users of the host. An engine with userns-remap, or
 * one that runs without root, has others for its containers, and the owners of disks are shifted for them (Docker: "Isolate
 * containers with a user namespace", "Rootless mode"; Podman: "Basic Setup and Use of Podman in a Rootless environment").
 */
import type { EngineInfo, IdRange, PodmanInfo } from './docker-types.ts';
import { fail } from './errors.ts';

export interface EngineTraits {
  readonly processors: number;
  /** Undefined where users of containers have the host's own numbers. */
  readonly owners: Owners | undefined;
  /** Without them containers have no limits, are not measured, and do not stand still. */
  readonly hasControlGroups: boolean;
}

/** Which users of the host stand for those of containers. */
export interface Owners {
  readonly users: readonly OwnerRange[];
  readonly groups: readonly OwnerRange[];
}

export interface OwnerRange {
  /** The first number in containers, and the host's for it. */
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/**
 * Of an engine that does not hold its containers to limits `missingControlGroups` has the reason.
 * @param rootless  what Podman says of itself in its own words where it runs without root
 * @throws ENGINE_OF_OTHER_ROOT
 */
export function readTraits(place: string, info: EngineInfo, rootless: PodmanInfo | undefined): EngineTraits {
  if (rootless) {
    const { uidmap, gidmap } = rootless.host.idMappings;
    const owners = { users: rangesOf(uidmap), groups: rangesOf(gidmap) };
    return { processors: info.NCPU, owners, hasControlGroups: missingControlGroups(rootless) === undefined };
  }
  if (hasOption(info, 'rootless')) throw fail('ENGINE_OF_OTHER_ROOT', { place });
  return { processors: info.NCPU, owners: remappedOwners(info), hasControlGroups: true };
}

/**
 * Why containers of an engine without root cannot be held to limits: the kernel lets its user have control groups only where
 * systemd has given him some, with cgroup v2. Undefined where they can.
 */
export function missingControlGroups({ host }: PodmanInfo): string | undefined {
  const { cgroupVersion, cgroupManager, cgroupControllers } = host;
  if (cgroupVersion !== 'v2') return 'The host has cgroup v1, which lets nobody but root set limits.';
  if (cgroupManager !== 'systemd') return 'Its control groups are not made by systemd.';
  const missing = NEEDED_CONTROLLERS.filter((name) => !cgroupControllers?.includes(name));
  if (missing.length === 0) return undefined;
  return `systemd has not delegated these controllers to its user: ${missing.join(', ')}.`;
}

const NEEDED_CONTROLLERS = ['cpu', 'memory', 'pids'];

function rangesOf(ranges: readonly IdRange[] | null): OwnerRange[] {
  return (ranges ?? []).map(({ container_id, host_id, size }) => ({
    inside: container_id,
    outside: host_id,
    count: size,
  }));
}

function hasOption({ SecurityOptions }: EngineInfo, name: string): boolean {
  return SecurityOptions?.some((option) => option.split(',').includes(`name=${name}`)) ?? false;
}

/** Such an engine keeps its data in a directory of the root's numbers, `/var/lib/docker/165536.165536` (daemon/daemon_unix.go). */
function remappedOwners(info: EngineInfo): Owners | undefined {
  if (!hasOption(info, 'userns')) return undefined;
  const [, uid, gid] = /\/(\d+)\.(\d+)\/?$/.exec(info.DockerRootDir) ?? [];
  const from = (outside: number) => [{ inside: 0, outside, count: USERS_BY_DOCKER }];
  return uid === undefined ? undefined : { users: from(Number(uid)), groups: from(Number(gid)) };
}

/** As many as Docker gives a container. */
const USERS_BY_DOCKER = 65536;
