import { defineAction } from '../../contract/action.ts';
import { fail } from '../errors.ts';
import { nicWord } from './nics.ts';
import { withRunningVm } from './running-vm.ts';
import type { Context } from './services.ts';
import { tellUnanswered } from './unanswered.ts';

/**
 * ATTACH_NIC: plugs a NIC into a running container, with the addresses and routes that the document gives it. May be
 * repeated. The name servers of a container are fixed when it is made, so those of the NIC are not added.
 * @throws NIC_UNKNOWN, HELPER_FAILED
 */
export const attach_nic = defineAction({
  args: ['deployId', 'mac', 'bridge', 'model', 'vnMad', 'target', 'vmId', 'host'],
  async run({ mac, host: hostName }, context: Context) {
    await withRunningVm(hostName, context, async ({ host, vm, pid }) => {
      const nic = vm.nics.find((each) => each.mac === mac.toLowerCase());
      if (!nic) throw fail('NIC_UNKNOWN', { vmId: vm.id, mac });
      const said = await host.helper('nic-plug', [`${vm.id}`, `${pid}`, nicWord(nic)], { signal: context.signal });
      tellUnanswered(said, context.log);
    });
  },
});
