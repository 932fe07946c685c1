import { defineAction } from '../../contract/action.ts';
import { fail } from '../errors.ts';
import { contextFiles, printVmFiles } from './context.ts';
import { withRunningVm } from './running-vm.ts';
import type { Context } from './services.ts';

/**
 * RECONFIGURE: the running container sees the new context at /mnt, and accounts, keys and time zone are set
 * anew. START_SCRIPT is run when the VM starts, not here; hostname and name servers stay those of the container.
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
      const apply = ['/.onedock/busybox', 'sh', '/.onedock/init', 'recontext'];
      const applied = await host.docker.exec(name, apply, { user: '0', signal });
      if (applied.exitCode !== 0) throw fail('CONTEXT_NOT_APPLIED', { name, said: applied.stderr.trim() });
    });
  },
});
