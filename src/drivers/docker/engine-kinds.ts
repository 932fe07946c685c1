/**
 * Engines that speak Docker's API, and in what one differs from Docker's own. Everything else of the drivers knows Docker
 * alone. Podman: 4.3 as Debian 12 has it, and later (pkg/api/handlers, pkg/specgenutil of its source). Pure.
 */
import type { ContainerSpec, DockerEvent, EngineInfo, HostConfig, Mount } from './docker-types.ts';

export type Limits = Pick<HostConfig, 'Memory' | 'MemorySwap' | 'NanoCpus' | 'CpuShares' | 'PidsLimit'>;

export interface EngineKind {
  /** What it says of itself, in Docker's words. */
  info(info: EngineInfo): EngineInfo;
  /** Docker's names of its events, where they are others. */
  readonly events: Readonly<Record<string, string>>;
  /** A container as the engine has to be told of it. */
  spec(spec: ContainerSpec): ContainerSpec;
  /** The request that changes limits; `base` is that of an API of the engine's own. */
  update(container: string, limits: Limits): { readonly base?: string; readonly path: string; readonly body: object };
  /** Whether it tells at once that a command has ended for which nobody waited. */
  readonly tellsOfCommands: boolean;
  /** Whether it changes limits of a container that does not run. */
  readonly updatesStopped: boolean;
  /** Whether it writes down the processes of a container when it is asked as Docker is. */
  readonly makesCheckpoints: boolean;
}

const docker: EngineKind = {
  info: (info) => info,
  events: {},
  // Even for no network at all it would run its whole program once more at each start, which takes half of the time; and from 26
  // on it starts nothing from a checkpoint then (daemon/start_linux.go). Cables are plugged in by the host's helper anyway.
  spec(spec) {
    const { Mounts = [], Binds = [] } = spec.HostConfig;
    const files = ownFiles(Mounts, ['hosts', 'resolv.conf']);
    return { ...spec, NetworkDisabled: true, HostConfig: { ...spec.HostConfig, Binds: [...Binds, ...files] } };
  },
  update: (container, limits) => ({ path: `/containers/${container}/update`, body: limits }),
  tellsOfCommands: true,
  updatesStopped: true,
  makesCheckpoints: true,
};

/** First part of paths of Podman's own API. */
export const PODMAN_API = '/v4.0.0/libpod';

/** Its own API is asked where it has nothing under Docker's name. */
const podman: EngineKind = {
  info: (info) => ({ ...info, Architecture: ARCHITECTURES[info.Architecture] ?? info.Architecture }),
  events: { died: 'die', remove: 'destroy' },
  spec(spec) {
    const { Mounts = [], Binds = [] } = spec.HostConfig;
    const binds = [...Binds, ...Mounts.map(bindOf), ...ownFiles(Mounts, ['resolv.conf'])];
    // With cgroup v1 it gives containers the host's, and a view of their own is another default of its.
    const { CgroupnsMode: _, ...hostConfig } = spec.HostConfig;
    return { ...spec, HostConfig: { ...hostConfig, Mounts: [], Binds: binds } };
  },
  update: (container, limits) => ({
    base: PODMAN_API,
    path: `/containers/${container}/update`,
    body: {
      memory: { limit: limits.Memory, swap: limits.MemorySwap },
      cpu: {
        shares: limits.CpuShares,
        period: CPU_PERIOD,
        quota: Math.round(((limits.NanoCpus ?? 0) / 1e9) * CPU_PERIOD),
      },
      pids: { limit: limits.PidsLimit },
    },
  }),
  // It does when it forgets it, five minutes later (exit_command_delay of containers.conf).
  tellsOfCommands: false,
  updatesStopped: false,
  makesCheckpoints: false,
};

export const ENGINE_KINDS = { docker, podman };

/** Of Go's names for processors, the kernel's. */
const ARCHITECTURES: Readonly<Record<string, string>> = { amd64: 'x86_64', arm64: 'aarch64' };

export async function* inDockersWords(
  events: AsyncIterable<DockerEvent>,
  { events: names }: EngineKind,
): AsyncGenerator<DockerEvent> {
  for await (const event of events) yield { ...event, Action: names[event.Action] ?? event.Action };
}

/** Microseconds. */
const CPU_PERIOD = 100_000;

/** Of a mount it would leave out what is mounted below its source, whatever NonRecursive says. */
function bindOf({ Source, Target, ReadOnly, BindOptions }: Mount): string {
  const options = ['rbind', BindOptions?.Propagation ?? 'rprivate', ReadOnly ? 'ro' : 'rw'];
  return `${Source}:${Target}:${options.join(',')}`;
}

/** A container without a network of the engine's gets no such files in its /etc; the VM's place on the host has them. */
function ownFiles(mounts: readonly Mount[], names: readonly string[]): string[] {
  const place = mounts.find(({ Target }) => Target === SHIM);
  return place === undefined ? [] : names.map((name) => `${place.Source}/${name}:/etc/${name}:rprivate,rw`);
}

/** As VMs see their place on the host. */
export const SHIM = '/.onedock';
