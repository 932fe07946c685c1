import { defineAction } from '../../contract/action.ts';
import { fail } from '../errors.ts';
import { contextFiles, printVmFiles } from './context.ts';
import { withRunningVm } from './running-vm.ts';
import type { Context } from './services.ts';

/**
 * RECONFIGURE: the running container sees the new context at /mnt, and SSH keys that came with it are added.
 * START_SCRIPT is run when the VM starts, not here; hostname and name servers stay those of the container.
 * @param disk  directory on the host to which the transfer driver brought the context
 * @throws CONTEXT_NOT_APPLIED, HELPER_FAILED
 */
export const reconfigure = defineAction({
  args: ['deployId', 'device', 'disk', 'vmId', 'host'],
  async run({ disk, host: hostName }, context: Context) {
    const { settings, signal } = context;
    await withRunningVm(hostName, context, async ({ host, vm, name }) => {
      const argv = [`${vm.id}`, settings.host.shim, 'as-is', 'context', disk.replaceAll(/\/+/g, '/')];
      await host.helper('vm-prepare', argv, { stdin: printVmFiles(contextFiles(vm.context)), signal });
      const addKeys = ['/.onedock/busybox', 'sh', '/.onedock/init', 'keys'];
      const added = await host.docker.exec(name, addKeys, { user: '0', signal });
      if (added.exitCode !== 0) throw fail('CONTEXT_NOT_APPLIED', { name, said: added.stderr.trim() });
    });
  },
});
