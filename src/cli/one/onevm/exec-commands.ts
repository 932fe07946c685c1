/** Programs run inside VMs, by the agent in the guest. */
import { type Command, command, required } from '../command.ts';
import { textFormat } from '../formats.ts';
import { text } from '../option.ts';
import { forEach } from '../verbs/each.ts';
import { plainVerb } from '../verbs/owned.ts';
import { VMS, vm } from './vm.ts';

const { kind } = vm;

const STDIN = text({ name: 'stdin', long: '--stdin', argument: 'stdin', help: 'Text for its standard input' });

const exec = command({
  name: 'exec',
  help: 'Runs a command inside VMs.\nStates: RUNNING',
  args: [VMS, required(textFormat('cmd'))],
  options: [STDIN],
  run: (run, ids, program) => {
    const input = Buffer.from(run.get(STDIN) ?? '').toString('base64');
    return forEach(run, ids, { kind, done: 'Executing a command' }, (id) => run.client.vm.exec(id, program, input));
  },
});

export const execCommands: readonly Command[] = [
  exec,
  plainVerb(
    vm,
    { name: 'exec-retry', help: 'Runs the last command inside VMs again.', done: 'Retrying last command' },
    ({ client }, id) => client.vm.retryexec(id),
  ),
  plainVerb(
    vm,
    { name: 'exec-cancel', help: 'Stops the command that runs inside VMs.', done: 'Canceling last command' },
    ({ client }, id) => client.vm.cancelexec(id),
  ),
];
