import { defineAction } from '../../contract/action.ts';
import { resourceLimits } from './container-spec.ts';
import { withRunningVm } from './running-vm.ts';
import type { Context } from './services.ts';

/**
 * RESIZE: gives a running container the CPU, VCPU and memory of the document. The kernel refuses less memory than the VM
 * uses, and the engine says so.
 */
export const resize = defineAction({
  args: ['deployId', 'vmId', 'host'],
  async run({ host: hostName }, context: Context) {
    const { settings, signal } = context;
    await withRunningVm(hostName, context, async ({ host: { docker }, vm, name }) => {
      const { processors } = await docker.traits({ signal });
      await docker.update(name, resourceLimits(vm, { ...settings.container, processors }), { signal });
    });
  },
});
