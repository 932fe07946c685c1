/** NICs that come and go: `one.vm.attachnic` and `detachnic` (src/rm/api/VirtualMachineAPI.cc, 7.4). */
import type { Template } from '../../opennebula/template.ts';
import { surroundingsOf } from '../dispatch/surroundings.ts';
import { checkAllowed } from '../lifecycle/step.ts';
import type { Vm } from '../objects/vm.ts';
import { withAttachedNic } from '../vm/attach-nic.ts';
import { findNic } from '../vm/nic.ts';
import { internal, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method, optional, string } from './method.ts';
import { actorOf, change, vmFor } from './vm-access.ts';
import { checkRestricted, deviceDemands } from './vm-devices.ts';

export const nicMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vm.attachnic',
    params: { id: int, template: string },
    help: 'Attaches a NIC or NIC_ALIAS to a virtual machine that runs or is powered off.',
    run(call, { id, template: source }) {
      call.get('vm', id);
      const template = call.parseTemplate(source);
      if (template.has('PCI')) throw notPossible('PCI devices are not supported.');
      const vm = vmFor(call, id, 'nic-attach', ...deviceDemands(call, template));
      checkRestricted(call, template, 'NIC');
      change(call, () => attach(call, vm, template), notPossible);
      return id;
    },
  }),
  defineMethod({
    name: 'one.vm.detachnic',
    params: { id: int, nic: int },
    help: 'Detaches a NIC, and its aliases, from a virtual machine that runs or is powered off.',
    run(call, { id, nic: nicId }) {
      const vm = vmFor(call, id, 'nic-attach');
      const operation = { kind: 'nic-detach', nicId } as const;
      const event = { name: 'nic-detach', operation, actor: actorOf(call) } as const;
      change(call, () => {
        checkAllowed(vm, event);
        if (!findNic(vm, nicId)) throw notPossible(`Could not detach NIC with NIC_ID ${nicId}, it does not exist.`);
        call.services.dispatcher.apply(vm, event);
      });
      return id;
    },
  }),
  defineMethod({
    name: 'one.vm.updatenic',
    params: { id: int, nic: int, template: string, append: optional(int, 0) },
    help: 'Refused: NICs are not changed while they are attached.',
    run(call, { id }) {
      vmFor(call, id, 'nic-attach');
      throw internal('Updating a NIC is not supported; detach it and attach another one.');
    },
  }),
];

function attach(call: Call, vm: Vm, template: Template): void {
  const { cloud, services } = call;
  const { configuration, dispatcher } = services;
  checkAllowed(vm, { name: 'nic-attach' });
  const surroundings = surroundingsOf({ cloud, configuration, vmId: vm.id, uid: vm.uid });
  const { vm: changed, nicId } = withAttachedNic(vm, template, surroundings);
  const operation = { kind: 'nic-attach', nicId } as const;
  dispatcher.apply(changed, { name: 'nic-attach', operation, actor: actorOf(call) }, { enforceQuotas: true });
}
