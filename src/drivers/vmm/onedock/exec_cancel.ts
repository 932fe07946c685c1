import { defineAction } from '../../contract/action.ts';
import { commandProgram, forgetCommand } from '../../hosts/vm-commands.ts';
import { fail } from '../errors.ts';
import { withLockedVm } from './running-vm.ts';
import type { Context } from './services.ts';

/**
 * EXEC_CANCEL: kills the command that EXEC began with, and what it has started, but for processes that have begun a session of
 * their own. Succeeds when none runs. Monitoring says nothing of it afterwards.
 * @throws CONTAINER_NOT_RUNNING for a container that is paused, COMMAND_NOT_ENDED
 */
export const exec_cancel = defineAction({
  args: ['vmId', 'host'],
  run: ({ host: hostName }, context: Context) =>
    withLockedVm(hostName, context, async ({ host, vm, name }) => {
      const { signal } = context;
      const state = (await host.docker.find(name, { signal }))?.State;
      if (state?.Paused) throw fail('CONTAINER_NOT_RUNNING', { name, host: host.name });
      if (state?.Running) {
        const ended = await host.docker.commands.run(name, commandProgram('end'), { user: '0', signal });
        if (ended.exitCode !== 0) throw fail('COMMAND_NOT_ENDED', { name, said: ended.stderr.trim() });
      }
      await forgetCommand(host, vm.directory, signal);
    }),
});
