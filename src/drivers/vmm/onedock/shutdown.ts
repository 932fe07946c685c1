import { defineAction } from '../../contract/action.ts';
import type { Context } from './services.ts';
import { stopVm } from './stop-vm.ts';

/**
 * SHUTDOWN: asks the VM to stop, and kills it after the time that the settings grant. Succeeds when it no longer runs,
 * also if it was gone already. The container stays: it is the VM's disk until the transfer driver saves or removes it.
 * @param deployId  as DEPLOY printed it
 */
export const shutdown = defineAction({
  args: ['deployId', 'host', '...ignored'],
  async run({ deployId, host }, context: Context) {
    const { settings } = context;
    await stopVm(host, deployId, context, ({ docker }) =>
      docker.stop(deployId, { graceSeconds: settings.timeouts.shutdownSeconds, signal: context.signal }),
    );
  },
});
