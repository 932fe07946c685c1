import { defineAction } from '../../contract/action.ts';
import { fail } from '../../docker/errors.ts';
import { resourceLimits } from './container-spec.ts';
import { withRunningVm } from './running-vm.ts';
import type { Context } from './services.ts';

/**
 * RESIZE: gives a running container the CPU, VCPU and memory of the document. The kernel refuses less memory than the VM
 * uses, and the engine says so.
 * @throws ENGINE_KEEPS_NO_LIMITS
 */
export const resize = defineAction({
  args: ['deployId', 'vmId', 'host'],
  async run({ host: hostName }, context: Context) {
    const { settings, signal } = context;
    await withRunningVm(hostName, context, async ({ host: { name: place, docker }, vm, name }) => {
      const { processors, hasControlGroups } = await docker.traits({ signal });
      if (!hasControlGroups) throw fail('ENGINE_KEEPS_NO_LIMITS', { place });
      await docker.update(name, resourceLimits(vm, { ...settings.container, processors }), { signal });
    });
  },
});
