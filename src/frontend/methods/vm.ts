/** `one.vm.*` (src/rm/api/VirtualMachineAPI.cc, 7.4); what needs more than a few lines has a file of its own. */
import { messageOf } from '../../errors/thrown.ts';
import { parseTemplate, TemplateSyntaxError } from '../../opennebula/template.ts';
import { quotaClaims } from '../lifecycle/claims.ts';
import type { Vm } from '../objects/vm.ts';
import { vmXml } from '../objects/vm-document.ts';
import { keepBody } from '../resources/stay-bodies.ts';
import { internal, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { boolean, defineMethod, int, type Method, optional, string } from './method.ts';
import { monitoringData } from './monitoring-data.ts';
import { chmodMethod } from './standard/chmod.ts';
import { chownMethod } from './standard/chown.ts';
import { lockMethods } from './standard/lock.ts';
import { renameMethod } from './standard/rename.ts';
import { checkUpdateType, REPLACE, updatedTemplate } from './standard/update.ts';
import { change, vmFor } from './vm-access.ts';
import { actionMethods } from './vm-action.ts';
import { allocateVmMethod } from './vm-allocate.ts';
import { placementMethods } from './vm-placement.ts';

export const vmMethods: readonly Method[] = [
  allocateVmMethod,
  ...placementMethods,
  ...actionMethods,
  defineMethod({
    name: 'one.vm.info',
    params: { id: int, decrypt: optional(boolean, false) },
    help: 'Shows a virtual machine.',
    run: (call, { id, decrypt }) =>
      vmDocument(call, call.readable('vm', call.getAuthorized('vm', id, 'USE', { despiteLock: true }), decrypt)),
  }),
  defineMethod({
    name: 'one.vm.update',
    params: { id: int, template: string, append: optional(int, REPLACE) },
    help: 'Replaces the user template of a virtual machine (0), or merges into it (1).',
    run(call, { id, template, append }) {
      const vm = vmFor(call, id, 'update');
      checkUpdateType(append);
      const rules = call.isAdmin ? [] : call.services.configuration.list('VM_RESTRICTED_ATTR');
      const userTemplate = orRefuse(() => updatedTemplate(vm.userTemplate, parseTemplate(template), append, rules));
      change(call, () => call.services.dispatcher.update({ ...vm, userTemplate }, { enforceQuotas: true }));
      return id;
    },
  }),
  renameMethod('vm'),
  chmodMethod('vm'),
  chownMethod('vm', {
    uses(_, vm) {
      if (vm.phase === 'DONE') throw notPossible('Could not change VM ownership, wrong state');
      return quotaClaims(vm);
    },
    alongWith: (call, { id }) => keepBody(call.cloud, call.get('vm', id)),
  }),
  ...lockMethods('vm'),
  defineMethod({
    name: 'one.vm.monitoring',
    params: { id: int },
    help: 'The samples of a virtual machine’s monitoring.',
    run(call, { id }) {
      call.getAuthorized('vm', id, 'USE');
      return monitoringData(call, 'vm', [id], -1);
    },
  }),
];

/** @throws ApiError INTERNAL */
function orRefuse<T>(update: () => T): T {
  try {
    return update();
  } catch (error) {
    if (error instanceof TemplateSyntaxError) throw notPossible(error.message);
    throw internal(`Cannot update template. ${messageOf(error)}`);
  }
}

function vmDocument(call: Call, vm: Vm): string {
  const sample = call.cloud.monitoring.last('vm', vm.id);
  return vmXml(vm, sample && { time: sample.time, xml: sample.body });
}
