import { defineAction } from '../../contract/action.ts';
import { restartVm } from './restart-vm.ts';
import type { Context } from './services.ts';

/** RESET: ends the VM at once and starts it again, with the same files and addresses. */
export const reset = defineAction({
  args: ['deployId', 'host', '...ignored'],
  async run({ host }, context: Context) {
    const { signal } = context;
    await restartVm(host, context, async ({ docker }, name) => {
      await docker.kill(name, { signal });
      await docker.wait(name, { signal });
    });
  },
});
