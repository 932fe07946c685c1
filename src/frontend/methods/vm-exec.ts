/** Commands in the guest (src/rm/api/VirtualMachineAPI.cc, src/dm/DispatchManagerActions.cc, 7.4). */
import { checkAllowed } from '../lifecycle/step.ts';
import type { Vm } from '../objects/vm.ts';
import { execOf, withCommand } from '../vm/exec.ts';
import { notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method, string } from './method.ts';
import { actorOf, change, vmFor } from './vm-access.ts';

export const execMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vm.exec',
    params: { id: int, command: string, stdin: string },
    help: 'Runs a command in a running guest, where its driver can. How it goes stands in QEMU_GA_EXEC of the template.',
    run: (call, { id, command, stdin }) => execute(call, vmFor(call, id, 'exec'), command, stdin),
  }),
  defineMethod({
    name: 'one.vm.retryexec',
    params: { id: int },
    help: 'Runs the last command in the guest once more.',
    run(call, { id }) {
      const vm = vmFor(call, id, 'exec');
      const { COMMAND = '', STDIN = '' } = execOf(vm);
      return execute(call, vm, COMMAND, STDIN);
    },
  }),
  defineMethod({
    name: 'one.vm.cancelexec',
    params: { id: int },
    help: 'Gives up the command that runs in the guest.',
    run(call, { id }) {
      const vm = vmFor(call, id, 'exec');
      const event = { name: 'exec-cancel', operation: { kind: 'exec-cancel' }, actor: actorOf(call) } as const;
      change(call, () => {
        checkAllowed(vm, event);
        if (execOf(vm).STATUS !== 'EXECUTING') {
          throw notPossible('Could not cancel command, there is no command being executed');
        }
        call.services.dispatcher.apply(vm, event);
      });
      return id;
    },
  }),
];

function execute(call: Call, vm: Vm, command: string, stdin: string): number {
  const event = { name: 'exec', operation: { kind: 'exec' }, actor: actorOf(call) } as const;
  change(call, () => {
    checkAllowed(vm, event);
    if (execOf(vm).STATUS === 'EXECUTING') {
      throw notPossible('Could not execute command, a command is already being executed');
    }
    call.services.dispatcher.apply(withCommand(vm, command, stdin), event);
  });
  return vm.id;
}
