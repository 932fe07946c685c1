/** Whether an engine of a host is one that the drivers work with, from what it says of itself. Pure. */
import type { EngineInfo, PodmanInfo } from '../../drivers/docker/docker-types.ts';
import { missingControlGroups } from '../../drivers/docker/engine-traits.ts';

/** What speaks against a host. */
export class Unfit extends Error {
  override name = 'Unfit';
}

/** First releases with all that the drivers ask of them. */
const OLDEST = { Docker: [20, 10], Podman: [4, 3] } as const;

/**
 * @param info  answer to `GET /info`
 * @param rootless  of Podman without root, its answer to `GET /libpod/info`
 * @param acceptsNoLimits  whether VMs may run on it that it cannot hold to limits
 * @returns release and properties
 * @throws Unfit
 */
export function judgeEngine(
  info: Pick<EngineInfo, 'ServerVersion' | 'Driver' | 'SecurityOptions' | 'Rootless'>,
  rootless: PodmanInfo | undefined,
  acceptsNoLimits: boolean,
): string {
  const { ServerVersion: version = '', Driver } = info;
  // Only Podman says so, and always does.
  const kind = info.Rootless === undefined ? 'Docker' : 'Podman';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const oldest = OLDEST[kind];
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
    throw new Unfit(`It is of release ${version}; ${oldest.join('.')} is the oldest of ${kind}.`);
  const options = (info.SecurityOptions ?? []).join(' ');
  if (kind === 'Docker' && options.includes('name=rootless'))
    throw new Unfit('It runs without root, which is for Podman alone: let root’s run, or Podman.');
  const reason = rootless && missingControlGroups(rootless);
  if (reason !== undefined && !acceptsNoLimits)
    throw new Unfit(`It runs without root and cannot hold VMs to their memory and processors. ${reason}`);
  const properties = [
    ...(options.includes('name=userns') ? ['userns-remap'] : []),
    ...(info.Rootless ? ['without root'] : []),
    ...(reason === undefined ? [] : ['without limits']),
  ];
  return [kind === 'Podman' ? `Podman ${version}` : version, Driver, ...properties].join(', ');
}
