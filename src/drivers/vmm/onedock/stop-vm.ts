import { ActionFailure } from '../../contract/action.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { forgetCommand } from '../../hosts/vm-commands.ts';
import { releaseVm, vmIdOfContainer } from '../../hosts/vm-on-host.ts';
import { hideConsole } from './display.ts';
import type { Context } from './services.ts';
import { removeSnapshots } from './system-snapshots.ts';
import { vmDirectory } from './vm.ts';

/** Stops a VM in the given way, and lets go of its disks and cables, and of its system snapshots. The monitoring stays quiet about it meanwhile. */
export async function stopVm(
  hostName: string,
  deployId: string,
  { hosts, settings, signal, stdin, document }: Pick<Context, 'hosts' | 'settings' | 'signal' | 'stdin' | 'document'>,
  stop: (host: DockerHost) => Promise<void>,
): Promise<void> {
  const vmId = vmIdOfContainer(deployId);
  if (vmId === undefined) throw new ActionFailure(`'${deployId}' is no deploy id of this driver.`);
  // First, and without the host: a VM may be given up whose host is lost.
  await hideConsole(vmId, { settings });
  const host = await hosts.connect(hostName, signal);
  await using _lock = await host.lock(deployId, { signal });
  await stop(host);
  if (stdin === '') return await releaseVm(host, vmId, signal);
  const directory = vmDirectory(document(), settings.frontend.datastores);
  await Promise.all([releaseVm(host, vmId, signal), forgetCommand(host, directory, signal)]);
  await removeSnapshots(host, vmId, document(), signal);
}
