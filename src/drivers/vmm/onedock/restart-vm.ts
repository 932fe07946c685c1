import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { fail } from '../errors.ts';
import { ensureRunning } from './ensure-running.ts';
import { withLockedVm } from './running-vm.ts';
import type { Context } from './services.ts';

/**
 * Stops a VM in the given way and starts the same container again. Its network is made anew: the old one ends with the
 * container's processes. A VM that has stopped by itself is started.
 * @throws CONTAINER_GONE
 */
export async function restartVm(
  hostName: string,
  context: Context,
  stop: (host: DockerHost, name: string) => Promise<void>,
): Promise<void> {
  await withLockedVm(hostName, context, async ({ host, vm, name }) => {
    const container = await host.docker.find(name, { signal: context.signal });
    if (!container) throw fail('CONTAINER_GONE', { name, host: host.name });
    await stop(host, name);
    await ensureRunning(host, vm, context);
  });
}
