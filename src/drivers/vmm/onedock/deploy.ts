import { posix } from 'node:path';
import { defineAction } from '../../contract/action.ts';
import { containerName } from '../../hosts/vm-on-host.ts';
import { ensureRunning } from './ensure-running.ts';
import type { Context } from './services.ts';
import { readVm } from './vm.ts';

/**
 * DEPLOY: starts the VM that the document on stdin describes, for the first time or after a power-off. A container of
 * the VM that runs already is a success.
 * @param deploymentFile  in the VM's directory on the host; only its place counts
 * @returns the deploy id, `one-<v>`
 * @throws whatever `readVm` and `ensureRunning` do
 */
export const deploy = defineAction({
  args: ['deploymentFile', 'host', '...ignored'],
  async run({ deploymentFile, host: hostName }, context: Context) {
    const { document, hosts, signal } = context;
    const vm = readVm(document(), posix.dirname(posix.normalize(deploymentFile)));
    const host = await hosts.connect(hostName, signal);
    const name = containerName(vm.id);
    await using _lock = await host.lock(name, { signal });
    await ensureRunning(host, vm, context);
    return name;
  },
});
