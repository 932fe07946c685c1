/** CPU, VCPU and MEMORY of a VM's template, and what they mean on a host. */
import type { Vm } from '../objects/vm.ts';
import type { Capacity } from '../objects/vm-operation.ts';
import { edited } from './edit-template.ts';
import { withResizedTopology } from './topology.ts';

export function capacityOf(vm: Vm): Capacity {
  const vcpu = vm.template.get('VCPU');
  const capacity = { cpu: vm.template.get('CPU') ?? '0', memory: vm.template.get('MEMORY') ?? '0' };
  return vcpu === undefined ? capacity : { ...capacity, vcpu };
}

/** @throws InvalidTemplate when its topology cannot follow */
export function withCapacity(vm: Vm, capacity: Capacity): Vm {
  const changed = withCapacityNumbers(vm, capacity);
  return { ...changed, template: withResizedTopology(changed.template) };
}

/** The VM as quotas count it: its topology stays. */
export function withCapacityNumbers(vm: Vm, { cpu, memory, vcpu }: Capacity): Vm {
  const template = edited(vm.template, (copy) => {
    copy.set('CPU', cpu).set('MEMORY', memory).delete('VCPU');
    if (vcpu !== undefined) copy.set('VCPU', vcpu);
  });
  return { ...vm, template };
}

/** In the units of a host: hundredths of a processor, and KB. */
export function hostUnits({ cpu, memory }: Capacity): { cpu: number; memoryKb: number } {
  return { cpu: Math.trunc(Number(cpu) * 100 + 1e-6), memoryKb: Number(memory) * 1024 };
}

/** A number as oned prints a float: shortest text that says the same, `0.50` as `0.5`. */
export function printFloat(value: number): string {
  return String(Number(value.toPrecision(6)));
}
