/** NICs that come, go and change: `one.vm.attachnic`, `detachnic` and `updatenic` (src/rm/api/VirtualMachineAPI.cc, 7.4). */
import type { Template, Vector } from '../../opennebula/template.ts';
import { surroundingsOf } from '../dispatch/surroundings.ts';
import { checkAllowed } from '../lifecycle/step.ts';
import { statesOf } from '../objects/phase.ts';
import type { Vm } from '../objects/vm.ts';
import { withAttachedNic } from '../vm/attach-nic.ts';
import { withNicLimits } from '../vm/network-change.ts';
import { findNic, isAlias, nicIdOf } from '../vm/nic.ts';
import { notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method, optional, string } from './method.ts';
import { actorOf, change, refuseRouterVm, vmFor } from './vm-access.ts';
import { checkRestricted, deviceDemands } from './vm-devices.ts';

export const nicMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vm.attachnic',
    params: { id: int, template: string },
    help: 'Attaches a NIC or NIC_ALIAS to a virtual machine that runs or is powered off.',
    run(call, { id, template: source }) {
      refuseRouterVm(call.get('vm', id));
      attachNic(call, id, call.parseTemplate(source));
      return id;
    },
  }),
  defineMethod({
    name: 'one.vm.detachnic',
    params: { id: int, nic: int },
    help: 'Detaches a NIC, and its aliases, from a virtual machine that runs or is powered off.',
    run(call, { id, nic: nicId }) {
      refuseRouterVm(call.get('vm', id));
      detachNic(call, id, nicId);
      return id;
    },
  }),
  defineMethod({
    name: 'one.vm.updatenic',
    params: { id: int, nic: int, template: string, append: optional(int, 0) },
    help: 'Changes the bandwidth limits of a NIC: replaces them (0), or merges into them (1).',
    run(call, { id, nic: nicId, template: source, append }) {
      const before = call.get('vm', id);
      refuseRouterVm(before);
      const known = findNic(before, nicId);
      if (!known) throw notPossible(`VM ${id}: NIC ${nicId} does not exists`);
      if (isAlias(known)) throw notPossible('Action not supported for NIC_ALIAS');
      const template = call.parseTemplate(source);
      const vm = vmFor(call, id, 'nic-attach', ...deviceDemands(call, template));
      checkRestricted(call, template, 'NIC');
      const refuse = (reason: string) => notPossible(`Error updating NIC (${nicId}) for VM ${id}: ${reason}`);
      const isRunning = vm.phase === 'RUNNING';
      if (!isRunning && statesOf(vm.phase).state === 'ACTIVE') throw refuse(`Wrong state ${vm.phase}`);
      const given = template.vector('NIC');
      if (!given) throw refuse('Wrong NIC definition, attribute is missing');
      change(call, () => update(call, vm, known, append === 0 ? given : { ...known, ...given }, isRunning));
      return id;
    },
  }),
];

/** @throws ApiError */
export function attachNic(call: Call, vmId: number, template: Template): void {
  if (template.has('PCI')) throw notPossible('PCI devices are not supported.');
  const vm = vmFor(call, vmId, 'nic-attach', ...deviceDemands(call, template));
  checkRestricted(call, template, 'NIC');
  change(call, () => attach(call, vm, template), notPossible);
}

/** @throws ApiError */
export function detachNic(call: Call, vmId: number, nicId: number): void {
  const vm = vmFor(call, vmId, 'nic-attach');
  const operation = { kind: 'nic-detach', nicId } as const;
  const event = { name: 'nic-detach', operation, actor: actorOf(call) } as const;
  change(call, () => {
    checkAllowed(vm, event);
    if (!findNic(vm, nicId)) throw notPossible(`Could not detach NIC with NIC_ID ${nicId}, it does not exist.`);
    call.services.dispatcher.apply(vm, event);
  });
}

function attach(call: Call, vm: Vm, template: Template): void {
  const { cloud, services } = call;
  const { configuration, dispatcher } = services;
  checkAllowed(vm, { name: 'nic-attach' });
  const surroundings = surroundingsOf({ cloud, configuration, vmId: vm.id, uid: vm.uid });
  const { vm: changed, nicId } = withAttachedNic(vm, template, surroundings);
  const operation = { kind: 'nic-attach', nicId } as const;
  dispatcher.apply(changed, { name: 'nic-attach', operation, actor: actorOf(call) }, { enforceQuotas: true });
}

function update(call: Call, vm: Vm, nic: Vector, limits: Vector, isRunning: boolean): void {
  const { dispatcher } = call.services;
  const nicId = nicIdOf(nic);
  const { vm: changed, hasChanged } = withNicLimits(vm, nicId, limits, isRunning);
  if (!hasChanged) return;
  const operation = { kind: 'nic-update', nicId, networkId: Number(nic.NETWORK_ID ?? -1) } as const;
  if (isRunning) dispatcher.apply(changed, { name: 'nic-update', operation, actor: actorOf(call) });
  else dispatcher.update(changed);
}
