/** Which hypervisors templates may be for. */
import type { Configuration } from './configuration.ts';

/** Those of a fresh 7.4, whose templates are to be taken here, too. */
const OTHERS: ReadonlySet<string> = new Set(['kvm', 'qemu', 'lxc']);

/** Tells whether there is a hypervisor of a name, in lower case. */
export function hypervisorTest(configuration: Configuration): (name: string) => boolean {
  return (name) => OTHERS.has(name) || configuration.driver('VM_MAD', name) !== undefined;
}
