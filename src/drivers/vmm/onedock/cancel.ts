import { defineAction } from '../../contract/action.ts';
import type { Context } from './services.ts';
import { stopVm } from './stop-vm.ts';

/**
 * CANCEL: ends the VM at once. Succeeds when nothing is there, since it also cleans up after a DEPLOY that failed. The
 * container stays, as with SHUTDOWN.
 */
export const cancel = defineAction({
  args: ['deployId', 'host', '...ignored'],
  async run({ deployId, host }, context: Context) {
    const { signal } = context;
    await stopVm(host, deployId, context, async ({ docker }) => {
      await docker.kill(deployId, { signal });
      await docker.wait(deployId, { signal });
    });
  },
});
