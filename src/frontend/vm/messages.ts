/** What a VM tells its user: attributes of the user template, with the time in front (VirtualMachine.cc, 7.4). */
import type { Vm } from '../objects/vm.ts';
import { edited } from './edit-template.ts';

const MAX_LENGTH = 100;

/** @param time as logs print it @param name ERROR or SCHED_MESSAGE */
export function withMessage(vm: Vm, name: 'ERROR' | 'SCHED_MESSAGE', text: string, time: string): Vm {
  const cut = text.length >= MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}... see more details in VM log` : text;
  return { ...vm, userTemplate: edited(vm.userTemplate, (copy) => copy.set(name, `${time}: ${cut}`)) };
}

export function withoutMessage(vm: Vm, name: 'ERROR' | 'SCHED_MESSAGE'): Vm {
  if (!vm.userTemplate.has(name)) return vm;
  return { ...vm, userTemplate: edited(vm.userTemplate, (copy) => copy.delete(name)) };
}

/** Whether a message says the same, whenever it was written. */
export function saysAlready(vm: Vm, name: 'ERROR' | 'SCHED_MESSAGE', text: string): boolean {
  const said = vm.userTemplate.get(name) ?? '';
  return said.slice(said.indexOf(': ') + 2).startsWith(text.slice(0, MAX_LENGTH));
}
