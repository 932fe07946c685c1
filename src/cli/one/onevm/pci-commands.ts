/** Verbs on the PCI devices of VMs. */
import { type Command, command, required } from '../command.ts';
import { intFormat } from '../formats.ts';
import { text } from '../option.ts';
import { TEMPLATE_FILE } from '../options/template-file.ts';
import { Refusal } from '../refusal.ts';
import type { Run } from '../run.ts';
import { once } from '../verbs/each.ts';
import { deviceText } from './device-text.ts';
import { vm } from './vm.ts';

const { kind } = vm;

const PCI = text({ name: 'pci', long: '--pci', argument: 'short_address', help: 'PCI device by its address' });

const PCI_DEVICE = text({
  name: 'pci_device',
  long: '--pci_device',
  argument: 'device ID',
  help: 'PCI device by its id',
});

const PCI_CLASS = text({
  name: 'pci_class',
  long: '--pci_class',
  argument: 'class ID',
  help: 'PCI device by its class',
});

const PCI_VENDOR = text({
  name: 'pci_vendor',
  long: '--pci_vendor',
  argument: 'vendor ID',
  help: 'PCI device by its vendor',
});

export const PCI_FLAGS = [PCI, PCI_CLASS, PCI_VENDOR, PCI_DEVICE];

export function pciAttributes(run: Run): string[] {
  const choices = [
    [PCI, 'SHORT_ADDRESS'],
    [PCI_DEVICE, 'DEVICE'],
    [PCI_CLASS, 'CLASS'],
    [PCI_VENDOR, 'VENDOR'],
  ] as const;
  return choices.flatMap(([option, name]) => (run.has(option) ? [`${name} = "${run.get(option)}"`] : []));
}

const pciAttach = command({
  name: 'pci-attach',
  help: 'Attaches a PCI device to a VM.\nStates: POWEROFF, UNDEPLOYED',
  args: [required(vm.id)],
  options: [TEMPLATE_FILE, ...PCI_FLAGS],
  run: async (run, id) => {
    const device = await deviceText(run, () => {
      const attributes = pciAttributes(run);
      if (attributes.length === 0) {
        throw new Refusal('Provide a PCI description file with --file or the relevant pci options:');
      }
      return `PCI = [ ${attributes.join(', ')} ]`;
    });
    return once(run, id, { kind, done: 'Attaching PCI device' }, () => run.client.vm.attachpci(id, device));
  },
});

const pciDetach = command({
  name: 'pci-detach',
  help: 'Detaches a PCI device from a VM.\nStates: POWEROFF, UNDEPLOYED',
  args: [required(vm.id), required(intFormat('pciid', 'PCI id'))],
  run: (run, id, pciId) => once(run, id, { kind, done: 'Detaching PCI' }, () => run.client.vm.detachpci(id, pciId)),
});

export const pciCommands: readonly Command[] = [pciAttach, pciDetach];
