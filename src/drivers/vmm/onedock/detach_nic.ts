import { defineAction } from '../../contract/action.ts';
import { containerName } from '../../hosts/vm-on-host.ts';
import { fail } from '../errors.ts';
import { vmOfRequest } from './running-vm.ts';
import type { Context } from './services.ts';

/**
 * DETACH_NIC: removes the cable of a NIC. Succeeds when it is gone, and when the VM does not run.
 * @throws NIC_UNKNOWN, HELPER_FAILED
 */
export const detach_nic = defineAction({
  args: ['deployId', 'mac', 'vmId', 'host'],
  async run({ mac, host: hostName }, context: Context) {
    const { hosts, signal } = context;
    const vm = vmOfRequest(context);
    const nic = vm.nics.find((each) => each.mac === mac.toLowerCase());
    if (!nic) throw fail('NIC_UNKNOWN', { vmId: vm.id, mac });
    const host = await hosts.connect(hostName, signal);
    await using _lock = await host.lock(containerName(vm.id), { signal });
    await host.helper('nic-unplug', [`${vm.id}`, nic.target], { signal });
  },
});
