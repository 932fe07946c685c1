import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { containerName } from '../../hosts/vm-on-host.ts';
import { fail } from '../errors.ts';
import { ensureRunning } from './ensure-running.ts';
import { vmOfRequest } from './running-vm.ts';
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
  const { hosts, signal } = context;
  const vm = vmOfRequest(context);
  const host = await hosts.connect(hostName, signal);
  const name = containerName(vm.id);
  await using _lock = await host.lock(name, { signal });
  if (!(await host.docker.find(name, { signal }))) throw fail('CONTAINER_GONE', { name, host: host.name });
  await stop(host, name);
  await ensureRunning(host, vm, context);
}
