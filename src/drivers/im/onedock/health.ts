/** What is amiss with a host that is monitored all the same. */
import { OnedockError } from '../../../errors/onedock-error.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { bringProgramsTo, releases } from '../../hosts/errors.ts';
import { findOtherRelease } from '../../hosts/programs-release.ts';

/** Sentences for who looks at the host, with what to do; undefined when all is well. */
export async function findAilment(host: DockerHost, signal: AbortSignal): Promise<string | undefined> {
  const found = [await ofPrograms(host, signal), await ofEngine(host, signal)].filter((one) => one !== undefined);
  return found.length === 0 ? undefined : found.join(' ');
}

/** What the settings accept is still to be known by who wonders why a VM takes what it likes. */
async function ofEngine({ docker }: DockerHost, signal: AbortSignal): Promise<string | undefined> {
  const { hasControlGroups } = await docker.traits({ signal });
  return hasControlGroups ? undefined : NO_LIMITS;
}

const NO_LIMITS =
  'VMs of this host are held to no limits of memory and processors, are not measured and cannot be suspended: its engine runs without root and without control groups, which host.withoutControlGroups of the settings accepts.';

async function ofPrograms(host: DockerHost, signal: AbortSignal): Promise<string | undefined> {
  try {
    const other = await findOtherRelease(() => host.helper('release', [], { signal }));
    return other && `${releases(other)} ${bringProgramsTo(host.name)}`;
  } catch (error) {
    if (!(error instanceof OnedockError) || error.code !== 'HELPER_NOT_ALLOWED') throw error;
    return [error.message, error.why, error.todo].join(' ');
  }
}
