import { defineAction } from '../../contract/action.ts';
import { fail } from '../errors.ts';
import { rootWords } from './container-root.ts';
import { contextFiles, printVmFiles } from './context.ts';
import { nicWord } from './nics.ts';
import { withRunningVm } from './running-vm.ts';
import type { Context } from './services.ts';

/**
 * RECONFIGURE: the running container sees the new context at /mnt, its NICs have the addresses of their aliases, also of one
 * that was attached, and no longer those of one that was detached, and accounts, keys and time zone are set anew. START_SCRIPT is run when the VM starts, not here; hostname and name servers stay those of the container.
 * @param disk  directory on the host to which the transfer driver brought the context; empty for a VM without one
 * @throws CONTEXT_NOT_APPLIED, HELPER_FAILED
 */
export const reconfigure = defineAction({
  args: ['deployId', 'device', 'disk', 'vmId', 'host'],
  async run({ disk, host: hostName }, context: Context) {
    const { settings, signal } = context;
    await withRunningVm(hostName, context, async ({ host, vm, name, pid }) => {
      if (disk !== '') {
        const root = await rootWords(host, signal);
        const argv = [`${vm.id}`, settings.host.shim, 'as-is', ...root, 'context', disk.replaceAll(/\/+/g, '/')];
        await host.helper('vm-prepare', argv, { stdin: printVmFiles(contextFiles(vm.context)), signal });
      }
      // A NIC that comes was plugged in before; one that goes is gone.
      const words = vm.nics.filter(({ changes }) => !changes).map((nic) => `${nicWord(nic)},exact`);
      if (words.length > 0) await host.helper('vm-connect', [`${vm.id}`, `${pid}`, 'open', ...words], { signal });
      if (disk === '') return;
      const apply = ['/.onedock/busybox', 'sh', '/.onedock/init', 'recontext'];
      const applied = await host.docker.commands.run(name, apply, { user: '0', signal });
      if (applied.exitCode !== 0) throw fail('CONTEXT_NOT_APPLIED', { name, said: applied.stderr.trim() });
    });
  },
});
