/** Which hypervisors templates may be for, and what KVM's driver sets for VMs on any of them. */
import type { Configuration } from './configuration.ts';

/** Those of a fresh 7.4, whose templates are to be taken here, too. */
const OTHERS: ReadonlySet<string> = new Set(['kvm', 'qemu', 'lxc']);

/** Tells whether there is a hypervisor of a name, in lower case. */
export function hypervisorTest(configuration: Configuration): (name: string) => boolean {
  return (name) => OTHERS.has(name) || configuration.driver('VM_MAD', name) !== undefined;
}

/** MACHINE in the defaults of a fresh 7.4 (vmm_exec_kvm.conf, x86_64). */
const KVM_MACHINE = 'q35';

/**
 * The machine of a VM whose template names none, on whatever host: what the driver `kvm` has by default
 * (src/vm/VirtualMachineParser.cc, 7.4). None where oned.conf has this driver without a file of defaults.
 */
export function defaultMachine(configuration: Configuration): string {
  const kvm = configuration.driver('VM_MAD', 'kvm');
  return kvm && !kvm.DEFAULT ? '' : KVM_MACHINE;
}
