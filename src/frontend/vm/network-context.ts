/** The part of a VM's context that follows its NICs. */
import type { Vm } from '../objects/vm.ts';
import { networkContext } from './context.ts';
import { type Surroundings, variablesFor } from './create-vm.ts';
import { edited } from './edit-template.ts';
import { aliasesOf, nicsOf } from './nic.ts';

/** The VM with the variables of all its NICs in its context, if it has one. */
export function withNetworkContext(vm: Vm, surroundings: Surroundings): Vm {
  const context = vm.template.vector('CONTEXT');
  if (!context) return vm;
  const variables = networkContext(context, [...nicsOf(vm), ...aliasesOf(vm)], variablesFor(vm, surroundings));
  return { ...vm, template: edited(vm.template, (copy) => copy.set('CONTEXT', { ...context, ...variables })) };
}
