/** `one.vm.resize` and `one.vm.updateconf` (src/rm/api/VirtualMachineAPI.cc, 7.4). */

import { randomBytes } from 'node:crypto';
import type { Template } from '../../opennebula/template.ts';
import { hypervisorTest } from '../configuration/hypervisors.ts';
import { checkGrowth } from '../dispatch/settle.ts';
import { surroundingsOf } from '../dispatch/surroundings.ts';
import { hostClaims } from '../lifecycle/claims.ts';
import { checkAllowed } from '../lifecycle/step.ts';
import { capacityShortage, type Host, releaseCapacity } from '../objects/host.ts';
import { restrictedChange } from '../objects/restricted.ts';
import { currentRecord, type Vm } from '../objects/vm.ts';
import type { Capacity } from '../objects/vm-operation.ts';
import { capacityOf, hostUnits, printFloat, withCapacity, withCapacityNumbers } from '../vm/capacity.ts';
import { withConfiguration } from '../vm/configuration.ts';
import { checkRaw } from '../vm/host-devices.ts';
import { isPinned } from '../vm/requirements.ts';
import { internal, notAuthorized, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { boolean, defineMethod, int, type Method, optional, string } from './method.ts';
import { APPEND, checkUpdateType, REPLACE } from './standard/update.ts';
import { actorOf, change, vmFor } from './vm-access.ts';
import { checkRestricted } from './vm-devices.ts';

export const configurationMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vm.resize',
    params: { id: int, template: string, enforce: optional(boolean, true) },
    help: 'Changes CPU, VCPU and MEMORY of a virtual machine; enforce: only if its host has room.',
    run(call, { id, template: source, enforce }) {
      const template = call.parseTemplate(source);
      const vm = vmFor(call, id, 'resize');
      checkRestricted(call, template, 'Template');
      resize(call, vm, wantedCapacity(vm, template), enforce || !call.isAdmin);
      return id;
    },
  }),
  defineMethod({
    name: 'one.vm.updateconf',
    params: { id: int, template: string, append: optional(int, REPLACE) },
    help: 'Replaces the configuration of a virtual machine (0), or merges into it (1): OS, GRAPHICS, CONTEXT and so on.',
    run(call, { id, template: source, append }) {
      checkUpdateType(append);
      const template = call.parseTemplate(source);
      const vm = vmFor(call, id, 'updateconf');
      const rules = call.isAdmin ? [] : call.services.configuration.list('VM_RESTRICTED_ATTR');
      const restricted = restrictedChange(template, vm.template, rules, true);
      if (restricted !== undefined) throw notAuthorized(`Template includes a restricted attribute ${restricted}`);
      change(call, () => updateConfiguration(call, vm, template, append === APPEND), internal);
      return id;
    },
  }),
];

/** What is zero, missing or no number stays; a pinned VM has a processor for each virtual one. @throws ApiError INTERNAL */
function wantedCapacity(vm: Vm, template: Template): Capacity {
  const before = capacityOf(vm);
  const number = (name: string) => Number.parseFloat(template.get(name) ?? '') || 0;
  const [cpu, memory, vcpu] = [number('CPU'), Math.trunc(number('MEMORY')), Math.trunc(number('VCPU'))];
  if (cpu < 0) throw internal('CPU must be a positive float or integer value.');
  if (memory < 0) throw internal('MEMORY must be a positive integer value.');
  if (vcpu < 0) throw internal('VCPU must be a positive integer value.');
  const processors = isPinned(vm.template) ? vcpu : cpu;
  return {
    cpu: processors === 0 ? before.cpu : printFloat(processors),
    memory: memory === 0 ? before.memory : String(memory),
    ...(vcpu === 0 ? (before.vcpu === undefined ? {} : { vcpu: before.vcpu }) : { vcpu: String(vcpu) }),
  };
}

function resize(call: Call, vm: Vm, wanted: Capacity, enforce: boolean): void {
  const { dispatcher } = call.services;
  const previous = capacityOf(vm);
  const event = { name: 'resize', operation: { kind: 'resize', previous }, actor: actorOf(call) } as const;
  change(
    call,
    () => {
      checkGrowth(call.cloud, vm, withCapacityNumbers(vm, wanted));
      checkAllowed(vm, event);
      if (vm.phase === 'RUNNING') checkLiveResize(call, vm, previous, wanted);
      const resized = withCapacity(vm, wanted);
      if (enforce && hostClaims(vm).length > 0) checkRoom(call, vm, resized);
      if (vm.phase === 'RUNNING' && isSame(previous, wanted)) return;
      dispatcher.apply(resized, event, { enforceQuotas: true });
    },
    notPossible,
  );
}

function checkLiveResize(call: Call, vm: Vm, previous: Capacity, wanted: Capacity): void {
  if (isPinned(vm.template)) throw notPossible('Cannot resize a pinned VM');
  const record = currentRecord(vm);
  if (!call.services.dispatcher.capabilitiesOf(record).liveResize) {
    throw notPossible(`Hotplug resize not supported by driver ${record?.vmMad}`);
  }
  if (isSame(previous, wanted)) call.services.dispatcher.logVm(vm.id, 'DiM', 'info', 'Nothing to resize');
}

function isSame(a: Capacity, b: Capacity): boolean {
  return a.cpu === b.cpu && a.memory === b.memory && a.vcpu === b.vcpu;
}

/** The room of the VM itself counts as free. */
function checkRoom(call: Call, vm: Vm, resized: Vm): void {
  const host: Host = call.get('host', currentRecord(vm)?.hostId ?? -1);
  const units = (of: Vm) => ({ ...hostUnits(capacityOf(of)), diskMb: 0 });
  const shortage = capacityShortage(releaseCapacity(host, units(vm)), units(resized));
  if (shortage !== undefined) throw notPossible(shortage);
}

function updateConfiguration(call: Call, vm: Vm, template: Template, append: boolean): void {
  const { cloud, services } = call;
  const { configuration, dispatcher } = services;
  checkAllowed(vm, { name: 'updateconf' });
  const surroundings = {
    ...surroundingsOf({ cloud, configuration, vmId: vm.id, uid: vm.uid }),
    randomPassword: () => randomBytes(16).toString('hex'),
  };
  checkRaw(template.vector('RAW'), hypervisorTest(configuration));
  const { vm: changed, contextChanged } = withConfiguration(vm, template, append, surroundings);
  if (vm.phase === 'RUNNING' && contextChanged) {
    const operation = { kind: 'updateconf' } as const;
    dispatcher.apply(changed, { name: 'updateconf', operation, actor: actorOf(call) });
  } else {
    dispatcher.update(changed);
  }
}
