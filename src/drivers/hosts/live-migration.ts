/**
 * Live migration: the processes of a VM go on at another host. Docker writes them down as a checkpoint, an experiment of its
 * over CRIU, and starts another container where they were. What that takes of a host is looked for beforehand, so that a VM is
 * left alone where it cannot be done, and everything in the way is named at once.
 */
import { lineList } from '../../opennebula/lists.ts';
import { ActionFailure } from '../contract/action.ts';
import type { ContainerInspect, EngineInfo } from '../docker/docker-types.ts';
import type { DockerHost } from './docker-hosts.ts';
import { LABEL } from './vm-on-host.ts';

/** @throws ActionFailure of an action, with all that is in the way and what to use instead, where something is */
export function refuseUnlessFree(action: string, obstacles: readonly string[]): void {
  if (obstacles.length === 0) return;
  throw new ActionFailure([`${action}: Operation not supported.`, ...obstacles, MOVES_WITHOUT_LIVE].join(' '));
}

const MOVES_WITHOUT_LIVE =
  'Use `onevm migrate` without --live, which stops the VM, moves its disks and starts it again.';

export interface LiveReadiness {
  /** Version of the CRIU that is there. */
  readonly criu: string | undefined;
  /** A sentence for each thing in the way. */
  readonly obstacles: readonly string[];
}

/** Whether processes of VMs can leave this host and come to it. @param ask  where the engine has been asked already */
export async function readinessOf(
  host: DockerHost,
  signal: AbortSignal,
  ask: () => Promise<EngineInfo> = () => host.docker.info({ signal }),
): Promise<LiveReadiness> {
  const { docker } = host;
  if (!(await docker.checkpoints.areKnown()))
    return {
      criu: undefined,
      obstacles: [`The engine of ${host.name} is Podman, whose VMs move only when they are off.`],
    };
  const engine = await ask();
  const { owners } = await docker.traits({ signal });
  const said = await host.helper('live-check', engine.InitBinary ? [engine.InitBinary] : [], { signal, shared: true });
  const found = readCheck(said, host.name);
  const remapped = owners
    ? [`The Docker Engine of ${host.name} gives containers users of their own (userns-remap).`]
    : [];
  return { criu: found.criu, obstacles: [...ofEngine(engine, host.name), ...remapped, ...found.obstacles] };
}

/** All that is in the way of a VM, on both hosts. @param hasSnapshots  of the VM itself */
export async function findObstacles(
  { from, to, container, hasSnapshots }: LiveMove,
  signal: AbortSignal,
): Promise<string[]> {
  const [source, destination] = await Promise.all([readinessOf(from, signal), readinessOf(to, signal)]);
  const { criu: here } = source;
  const { criu: there } = destination;
  const differ = here !== undefined && there !== undefined && here !== there;
  return [
    ...(container ? ofContainer(container) : []),
    ...(hasSnapshots ? ['The system snapshots of the VM lie on its host, and would be lost.'] : []),
    ...source.obstacles,
    ...destination.obstacles,
    ...(differ ? [`${from.name} has CRIU ${here}, and ${to.name} ${there}.`] : []),
  ];
}

export interface LiveMove {
  readonly from: DockerHost;
  readonly to: DockerHost;
  readonly container: ContainerInspect | undefined;
  readonly hasSnapshots: boolean;
}

function ofEngine({ ExperimentalBuild, Driver }: EngineInfo, name: string): string[] {
  return [
    ...(ExperimentalBuild
      ? []
      : [`The Docker Engine of ${name} makes no checkpoints: daemon.json lacks "experimental": true.`]),
    ...(Driver === STORAGE_DRIVER
      ? []
      : [`The Docker Engine of ${name} keeps files by ${Driver}; only ${STORAGE_DRIVER} is known here.`]),
  ];
}

/** By its layout of layers the files of a container travel. */
const STORAGE_DRIVER = 'overlay2';

function ofContainer({ Config, GraphDriver }: ContainerInspect): string[] {
  const image = Config.Labels?.[LABEL.image];
  return [
    ...(image === undefined || image === Config.Image
      ? []
      : ['The VM was taken back to a system snapshot, which lies on its host.']),
    ...(GraphDriver?.Data?.UpperDir === undefined ? ['The engine does not say where the files of the VM lie.'] : []),
  ];
}

/** @param said  by the helper's verb `live-check` */
export function readCheck(said: string, host: string): LiveReadiness {
  const lines = lineList(said);
  const [criu] = lines.flatMap((line) => /^criu (\S+)$/.exec(line)?.[1] ?? []);
  const options = lines.flatMap((line) => /^option (.+)$/.exec(line)?.[1] ?? []);
  const obstacles = lines.flatMap((line) => {
    const [, word = '', rest = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
    return OBSTACLES[word]?.(host, rest) ?? [];
  });
  const missing = options.length > 0 ? [`/etc/criu/runc.conf on ${host} lacks ${options.join(', ')}.`] : [];
  return { criu, obstacles: [...obstacles, ...missing] };
}

const OBSTACLES: Readonly<Record<string, (host: string, rest: string) => string>> = {
  missing: (host) => `There is no CRIU on ${host}.`,
  failed: (host, reason) => `CRIU does not work on ${host}: ${reason.trim().replace(/\.$/, '')}.`,
  link: (host, path) =>
    `${path} on ${host}, the first program of containers, is a link, which CRIU does not follow: name where it leads by "init-path" in daemon.json.`,
};
