/**
 * What methods of VMs have in common: who may do what with one, who asks, and how a refusal is answered
 * (src/rm/api/VirtualMachineAPI.cc, 7.4).
 */
import { WrongState } from '../lifecycle/wrong-state.ts';
import type { Demand } from '../objects/authorization.ts';
import { QuotaExceeded } from '../objects/quotas.ts';
import type { Actor, Vm } from '../objects/vm.ts';
import { InvalidTemplate } from '../vm/invalid-template.ts';
import { routerOf } from '../vm/router-nic.ts';
import { type ApiError, internal, notAuthorized, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { rightFor, type VmOperation } from './vm-operations.ts';

/** The VM, when the caller may do this with it and whatever else is demanded. @throws ApiError NO_EXISTS, AUTHORIZATION */
export function vmFor(call: Call, id: number, operation: VmOperation, ...more: readonly Demand[]): Vm {
  const vm = call.get('vm', id);
  call.authorize(call.on('vm', vm, rightFor(call, operation)), ...more);
  return vm;
}

/** Disks and NICs of a router's VMs are the router's own affair. @throws ApiError ACTION */
export function refuseRouterVm(vm: Vm): void {
  if (routerOf(vm) !== undefined) throw notPossible('Action is not supported for virtual router VMs');
}

/** Who a change is written down to. */
export function actorOf(call: Call): Actor {
  return { uid: call.uid, gid: call.gid, requestId: call.requestId };
}

/**
 * Changes the cloud as a whole or not at all.
 * @param refuse answers a state that does not allow it, or a template that cannot be followed
 * @throws ApiError for these and for quotas
 */
export function change<T>(call: Call, run: () => T, refuse?: (reason: string) => ApiError): T {
  try {
    return call.cloud.transaction(run);
  } catch (error) {
    if (error instanceof WrongState) throw (refuse ?? notPossible)(error.message);
    if (error instanceof InvalidTemplate) throw (refuse ?? internal)(error.message);
    if (error instanceof QuotaExceeded) throw notAuthorized(error.message);
    throw error;
  }
}
