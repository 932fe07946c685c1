import { defineAction } from '../../contract/action.ts';
import { restartVm } from './restart-vm.ts';
import type { Context } from './services.ts';

/** REBOOT: stops the VM in good order and starts it again, with the same files and addresses. */
export const reboot = defineAction({
  args: ['deployId', 'host', '...ignored'],
  async run({ host }, context: Context) {
    const { settings, signal } = context;
    await restartVm(host, context, ({ docker }, name) =>
      docker.stop(name, { graceSeconds: settings.timeouts.shutdownSeconds, signal }),
    );
  },
});
