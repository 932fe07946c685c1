/** FEATURES of a VM: booleans are written YES or NO, numbers are checked (src/vm/VirtualMachineParser.cc, 7.4). */
import { isYes, type Vector } from '../../opennebula/template.ts';
import { InvalidTemplate } from './invalid-template.ts';

const BOOLEANS = ['PAE', 'ACPI', 'APIC', 'HYPERV', 'LOCALTIME', 'GUEST_AGENT', 'RAS', 'MIGRATE_COMPRESSED'];

/** @throws InvalidTemplate */
export function featuresOf(given: Vector): Vector {
  const features = { ...given };
  for (const name of BOOLEANS) if (features[name]) features[name] = isYes(features[name]) ? 'YES' : 'NO';
  if (features.GIC) features.GIC = ['2', '3'].includes(features.GIC) ? features.GIC : 'host';
  if (features.MIGRATE_AUTO_CONVERGE) features.MIGRATE_AUTO_CONVERGE = rates(features.MIGRATE_AUTO_CONVERGE);
  return features;
}

function rates(value: string): string {
  const wrong = (expected: string) =>
    new InvalidTemplate(`Wrong FEATURES/MIGRATE_AUTO_CONVERGE value: "${value}". ${expected}`);
  const parts = value.split(',').map((part) => part.trim());
  if (parts.length > 2 || !parts.every((part) => /^\d+$/.test(part))) throw wrong('Expected initial[,increment]');
  if (parts.some((part) => Number(part) > 100)) {
    throw wrong('Initial and increment values must be between 0 and 100');
  }
  return parts.join(',');
}
