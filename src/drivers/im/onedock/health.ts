/** What is amiss with a host that is monitored all the same. */
import { OnedockError } from '../../../errors/onedock-error.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { bringProgramsTo, releases } from '../../hosts/errors.ts';
import { findOtherRelease } from '../../hosts/programs-release.ts';

/** A sentence for who looks at the host, with what to do; undefined when all is well. */
export async function findAilment(host: DockerHost, signal: AbortSignal): Promise<string | undefined> {
  try {
    const other = await findOtherRelease(() => host.helper('release', [], { signal }));
    return other && `${releases(other)} ${bringProgramsTo(host.name)}`;
  } catch (error) {
    if (!(error instanceof OnedockError) || error.code !== 'HELPER_NOT_ALLOWED') throw error;
    return [error.message, error.why, error.todo].join(' ');
  }
}
