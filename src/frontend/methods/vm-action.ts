/** `one.vm.action` and `one.vm.recover` (src/rm/api/VirtualMachineAPI.cc, src/dm/DispatchManagerActions.cc, 7.4). */
import { isKeyOf } from '../../opennebula/tables.ts';
import { surroundingsOf } from '../dispatch/surroundings.ts';
import type { LifeCycleEvent, RecoverEventName, UserEventName } from '../lifecycle/events.ts';
import { QuotaExceeded } from '../objects/quotas.ts';
import type { Actor, Vm } from '../objects/vm.ts';
import { InvalidTemplate } from '../vm/invalid-template.ts';
import { withoutMessage } from '../vm/messages.ts';
import { withNetworkContext } from '../vm/network-context.ts';
import { withAutomaticRequirements } from '../vm/requirements.ts';
import { notAuthorized, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method, string } from './method.ts';
import { actorOf, change, vmFor } from './vm-access.ts';
import { rightFor, type VmOperation } from './vm-operations.ts';

export const actionMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vm.action',
    params: { action: string, id: int },
    help: 'Takes a VM to another state: terminate, poweroff, resume and so on.',
    run(call, { action, id }) {
      performAction(call, id, action);
      return id;
    },
  }),
  defineMethod({
    name: 'one.vm.recover',
    params: { id: int, operation: int },
    help: 'Helps a VM that is stuck: 0 failure, 1 success, 2 retry, 3 delete, 4 delete and make again, 5 delete without cleaning up.',
    run(call, { id, operation }) {
      const recovery = RECOVERIES[operation];
      if (!recovery) throw notPossible('Wrong recovery operation code');
      const vm = vmFor(call, id, recovery.operation);
      if (operation === FORGET && !call.isOneadmin) throw notAuthorized('');
      change(call, () => {
        call.services.dispatcher.apply(prepared(call, vm, recovery.event), {
          name: recovery.event,
          actor: actorOf(call),
        });
      });
      return id;
    },
  }),
];

/** The right that each action needs goes by these names. */
const ACTIONS = {
  terminate: 'terminate',
  'terminate-hard': 'terminate',
  undeploy: 'undeploy',
  'undeploy-hard': 'undeploy',
  poweroff: 'poweroff',
  'poweroff-hard': 'poweroff',
  reboot: 'reboot',
  'reboot-hard': 'reboot',
  hold: 'hold',
  release: 'release',
  stop: 'stop',
  suspend: 'suspend',
  resume: 'resume',
  resched: 'resched',
  unresched: 'resched',
} as const satisfies { readonly [Name in UserEventName]?: VmOperation };

const FORGET = 5;

const RECOVERIES: Readonly<Record<number, { event: RecoverEventName; operation: VmOperation }>> = {
  0: { event: 'recover-failure', operation: 'recover' },
  1: { event: 'recover-success', operation: 'recover' },
  2: { event: 'recover-retry', operation: 'retry' },
  3: { event: 'recover-delete', operation: 'delete' },
  4: { event: 'recover-recreate', operation: 'delete' },
  [FORGET]: { event: 'recover-forget', operation: 'delete' },
};

/** @throws ApiError */
export function performAction(call: Call, id: number, action: string): void {
  if (!isKeyOf(ACTIONS, action)) {
    call.authorize(call.on('vm', call.get('vm', id), rightFor(call, 'terminate')));
    throw notPossible(`Action "${action}" is not supported`);
  }
  const operation = ACTIONS[action];
  const vm = vmFor(call, id, operation);
  const event = { name: action, actor: actorFor(call, vm, operation) };
  change(
    call,
    () => {
      const ready = prepared(call, vm, action);
      if (action === 'resume') resume(call, ready, event);
      else call.services.dispatcher.apply(ready, event);
    },
    (reason) => notPossible(`Error performing action "${action}": ${reason}`),
  );
}

/** A quota that keeps a VM from running again is no matter of rights to oned. @throws ApiError ACTION, WrongState */
function resume({ services }: Call, vm: Vm, event: LifeCycleEvent): void {
  try {
    services.dispatcher.apply(vm, event, { enforceQuotas: true });
  } catch (error) {
    throw error instanceof QuotaExceeded ? notPossible(error.message) : error;
  }
}

/** Terminating is written down to the VM's owner, whoever asked for it. */
function actorFor(call: Call, vm: Vm, operation: VmOperation): Actor {
  const actor = actorOf(call);
  return operation === 'terminate' ? { ...actor, uid: vm.uid, gid: vm.gid } : actor;
}

/** What a VM asks of its host follows what it uses by the time it is to find one. */
function prepared(call: Call, vm: Vm, event: LifeCycleEvent['name']): Vm {
  const findsHost =
    (event === 'release' && vm.phase === 'HOLD') ||
    (event === 'resume' && (vm.phase === 'STOPPED' || vm.phase === 'UNDEPLOYED')) ||
    event === 'resched';
  const told = event === 'recover-retry' || event === 'recover-recreate' ? withoutMessage(vm, 'ERROR') : vm;
  const informed = event === 'resume' && vm.phase === 'POWEROFF' ? withNics(call, told) : told;
  return findsHost ? withRequirements(call, informed) : informed;
}

/** NICs that were attached while the guest was off are in its context when it starts. */
function withNics(call: Call, vm: Vm): Vm {
  const { configuration } = call.services;
  return withNetworkContext(vm, surroundingsOf({ cloud: call.cloud, configuration, vmId: vm.id, uid: vm.uid }));
}

function withRequirements(call: Call, vm: Vm): Vm {
  const { datastore } = call.cloud.pools;
  try {
    return { ...vm, template: withAutomaticRequirements(vm.template, (id) => datastore.get(id)) };
  } catch (error) {
    if (!(error instanceof InvalidTemplate)) throw error;
    throw new InvalidTemplate(`Could not release VM ${vm.id}, error updating requirements. ${error.message}`, {
      cause: error,
    });
  }
}
