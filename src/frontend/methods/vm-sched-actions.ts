/** `one.vm.schedadd`, `schedupdate` and `scheddelete` (src/rm/api/VirtualMachineAPI.cc, 7.4). */
import type { Vector } from '../../opennebula/template.ts';
import type { Vm } from '../objects/vm.ts';
import { readSchedAction } from '../vm/sched-actions.ts';
import { ApiError, internal, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method, string } from './method.ts';
import { nextSchedActionId } from './sched-action-ids.ts';
import { change, vmFor } from './vm-access.ts';

export const schedActionMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vm.schedadd',
    params: { id: int, template: string },
    help: 'Schedules an action for a virtual machine; answers the id of the action.',
    run(call, { id, template }) {
      const vm = scheduledVm(call, id);
      if (vm.phase === 'DONE') {
        throw internal(`Unable to create Scheduled Action for Virtual Machine ${id}, it's in DONE state`);
      }
      const given = givenAction(call, template, notPossible);
      return change(
        call,
        () => {
          const action = { id: nextSchedActionId(call.cloud), ...readSchedAction(given, vm.createdAt) };
          put(call, vm, [...vm.schedActions, action]);
          return action.id;
        },
        notPossible,
      );
    },
  }),
  defineMethod({
    name: 'one.vm.schedupdate',
    params: { id: int, action: int, template: string },
    help: 'Changes a scheduled action; answers its id.',
    run(call, { id, action: actionId, template }) {
      const vm = scheduledVm(call, id);
      const given = givenAction(call, template, internal);
      const before = vm.schedActions.find((action) => action.id === actionId);
      if (!before) throw internal(`SCHED_ACTION with id = ${actionId} doesn't exist`);
      change(call, () => {
        const changed = { ...before, ...readSchedAction(given, vm.createdAt, before) };
        put(
          call,
          vm,
          vm.schedActions.map((action) => (action === before ? changed : action)),
        );
      });
      return actionId;
    },
  }),
  defineMethod({
    name: 'one.vm.scheddelete',
    params: { id: int, action: int },
    help: 'Removes a scheduled action.',
    run(call, { id, action: actionId }) {
      const vm = scheduledVm(call, id);
      const left = vm.schedActions.filter((action) => action.id !== actionId);
      if (left.length === vm.schedActions.length) throw noSchedAction(actionId);
      change(call, () => put(call, vm, left));
      return id;
    },
  }),
];

const noSchedAction = (objectId: number) => new ApiError('NO_EXISTS', '', { objectId, title: 'scheduled action' });

function givenAction(call: Call, source: string, refuse: (reason: string) => ApiError): Vector {
  const given = call.parseTemplate(source).vector('SCHED_ACTION');
  if (!given) throw refuse('No SCHED_ACTION attribute in template');
  return given;
}

function put(call: Call, vm: Vm, schedActions: Vm['schedActions']): void {
  call.services.dispatcher.update({ ...vm, schedActions });
}

/** The VM whose actions are to change; an id below zero asks for the right to VMs at large. @throws ApiError */
function scheduledVm(call: Call, id: number): Vm {
  if (id < 0) call.getAuthorized('vm', id, 'MANAGE');
  return vmFor(call, id, 'sched-action');
}
