/** A command that runs in the guest: QEMU_GA_EXEC of a VM's template (src/vm/VirtualMachine.cc, 7.4). */
import type { Vector } from '../../opennebula/template.ts';
import type { Vm } from '../objects/vm.ts';
import { edited } from './edit-template.ts';

const NAME = 'QEMU_GA_EXEC';

/** Whether the driver has begun with it, given it up, or could not. */
export type ExecStatus = 'EXECUTING' | 'CANCELLED' | 'ERROR';

/** COMMAND, STDIN, STATUS, and what monitoring says of it; empty when none was ever given. */
export function execOf(vm: Vm): Readonly<Vector> {
  return vm.template.vector(NAME) ?? {};
}

/** The VM with a command to be run, in place of the one before. */
export function withCommand(vm: Vm, command: string, stdin: string): Vm {
  return { ...vm, template: edited(vm.template, (copy) => copy.set(NAME, { COMMAND: command, STDIN: stdin })) };
}

export function withExecStatus(vm: Vm, status: ExecStatus): Vm {
  return withExecution(vm, { STATUS: status });
}

/** The VM with more attributes of its command, as monitoring tells them. */
export function withExecution(vm: Vm, told: Vector): Vm {
  return { ...vm, template: edited(vm.template, (copy) => copy.set(NAME, { ...execOf(vm), ...told })) };
}
