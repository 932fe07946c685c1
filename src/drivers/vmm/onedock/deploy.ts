import { defineAction } from '../../contract/action.ts';
import { containerName } from '../../hosts/vm-on-host.ts';
import { ensureRunning } from './ensure-running.ts';
import { vmOfRequest } from './running-vm.ts';
import type { Context } from './services.ts';

/**
 * DEPLOY: starts the VM that the document on stdin describes, for the first time or after a power-off. A container of
 * the VM that runs already is a success.
 * @param deploymentFile  not looked at: it names a place on the host, but one on the front-end where one_vmm_exec runs
 *   the action there (`-l`)
 * @returns the deploy id, `one-<v>`
 * @throws whatever `vmOfRequest` and `ensureRunning` do
 */
export const deploy = defineAction({
  args: ['deploymentFile', 'host', '...ignored'],
  async run({ host: hostName }, context: Context) {
    const { hosts, signal } = context;
    const vm = vmOfRequest(context);
    const host = await hosts.connect(hostName, signal);
    const name = containerName(vm.id);
    await using _lock = await host.lock(name, { signal });
    await ensureRunning(host, vm, context);
    return name;
  },
});
