import { defineAction } from '../../contract/action.ts';
import { ensureRunning } from './ensure-running.ts';
import { withLockedVm } from './running-vm.ts';
import type { Context } from './services.ts';

/**
 * DEPLOY: starts the VM that the document on stdin describes, for the first time or after a power-off. A container of
 * the VM that runs already is a success.
 * @param deploymentFile  not looked at: it names a place on the host, but one on the front-end where one_vmm_exec runs
 *   the action there (`-l`)
 * @returns the deploy id, `one-<v>`
 * @throws whatever `vmOfRequest` and `ensureRunning` do
 */
export const deploy = defineAction({
  args: ['deploymentFile', 'host', '...ignored'],
  run: ({ host: hostName }, context: Context) =>
    withLockedVm(hostName, context, async ({ host, vm, name }) => {
      await ensureRunning(host, vm, context);
      return name;
    }),
});
