import { defineAction } from '../../contract/action.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { containerName } from '../../hosts/vm-on-host.ts';
import { connectVm } from './connect-vm.ts';
import { showConsole } from './display.ts';
import { ensureRunning } from './ensure-running.ts';
import { vmOfRequest } from './running-vm.ts';
import type { Context } from './services.ts';
import { findVmText, type Vm } from './vm.ts';

/**
 * RESTORE: lets the frozen processes of a suspended VM go on, when its NICs are plugged in again. A VM that was stopped,
 * or whose host was restarted meanwhile, starts from its disks as after a power-off. May be repeated.
 * @throws whatever `ensureRunning` does
 */
export const restore = defineAction({
  args: ['checkpoint', 'host', 'deployId', '...ignored'],
  async run({ host: hostName, deployId }, context: Context) {
    const { document, hosts, log, signal } = context;
    const vm = vmOfRequest(context);
    const host = await hosts.connect(hostName, signal);
    await using _lock = await host.lock(deployId, { signal });
    const state = (await host.docker.find(deployId, { signal }))?.State;
    if (state?.Paused) return thaw(host, vm, context);
    if (!state?.Running && findVmText(document(), 'LCM_STATE') === BOOT_SUSPENDED)
      log('warning', 'The processes of the VM have ended while it was suspended; it starts from its disks.');
    await ensureRunning(host, vm, context);
  },
});

/** (include/VirtualMachine.h, 7.4) */
const BOOT_SUSPENDED = '21';

async function thaw(host: DockerHost, vm: Vm, context: Context): Promise<void> {
  const { signal } = context;
  await connectVm(host, vm, false, context);
  await host.docker.unpause(containerName(vm.id), { signal });
  await showConsole(vm, host.name, context);
}
