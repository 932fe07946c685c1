import { defineAction } from '../../contract/action.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { releaseVm } from '../../hosts/vm-on-host.ts';
import { fail } from '../errors.ts';
import { hideConsole } from './display.ts';
import { vmOfRequest } from './running-vm.ts';
import type { Context } from './services.ts';
import { removeSnapshots } from './system-snapshots.ts';
import { findVmText } from './vm.ts';

/**
 * SAVE. To suspend a VM its processes are frozen where they are: they keep their memory, on this host, until RESTORE lets
 * them go on. A VM that leaves the host is stopped in good order instead: its files are kept, its processes are not, and
 * the log says so. May be repeated.
 * @param checkpoint  where OpenNebula would have the memory; nothing is written there
 * @throws CONTAINER_GONE
 */
export const save = defineAction({
  args: ['deployId', 'checkpoint', 'host', '...ignored'],
  async run({ deployId, host: hostName }, context: Context) {
    const { document, hosts, log, signal } = context;
    const host = await hosts.connect(hostName, signal);
    await using _lock = await host.lock(deployId, { signal });
    if (LEAVING.has(findVmText(document(), 'LCM_STATE') ?? '')) {
      log('warning', 'The processes of the VM are stopped, since their memory cannot leave the host; files are kept.');
      await stop(host, deployId, context);
    } else await freeze(host, deployId, context);
  },
});

/** SAVE_STOP and SAVE_MIGRATE (include/VirtualMachine.h, 7.4). */
const LEAVING: ReadonlySet<string> = new Set(['5', '7']);

async function stop(host: DockerHost, name: string, context: Context): Promise<void> {
  const { settings, signal } = context;
  await hideConsole(vmOfRequest(context).id, context);
  await host.docker.stop(name, { graceSeconds: settings.timeouts.shutdownSeconds, signal });
  const { id } = vmOfRequest(context);
  await releaseVm(host, id, signal);
  await removeSnapshots(host, id, context.document(), signal);
}

/** Disks stay mounted: frozen processes have files open there. What they wrote is brought to the disks' files. */
async function freeze(host: DockerHost, name: string, context: Context): Promise<void> {
  const { signal } = context;
  const state = (await host.docker.find(name, { signal }))?.State;
  if (!state?.Running) throw fail('CONTAINER_NOT_RUNNING', { name, host: host.name });
  if (!state.Paused) await host.docker.pause(name, { signal });
  const { id, dataDisks } = vmOfRequest(context);
  if (dataDisks.length > 0) await host.helper('vm-sync', [`${id}`], { signal });
}
