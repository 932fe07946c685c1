/** Verbs on the NICs of VMs and their security groups. */
import { UPDATE } from '../../../opennebula/client/constants.ts';
import { type Command, command, optional, required } from '../command.ts';
import { FILE, intFormat } from '../formats.ts';
import { partFormat } from '../lookup.ts';
import { findId } from '../names.ts';
import { converted, text } from '../option.ts';
import { TEMPLATE_FILE } from '../options/template-file.ts';
import { templateDump } from '../output/template-dump.ts';
import { Refusal } from '../refusal.ts';
import { fetchDocument } from '../resource.ts';
import type { Run } from '../run.ts';
import { APPEND, updatedText } from '../text-source.ts';
import { once } from '../verbs/each.ts';
import { deviceText } from './device-text.ts';
import { PCI_FLAGS, pciAttributes } from './pci-commands.ts';
import { vm } from './vm.ts';

const { kind } = vm;

export const NETWORK = converted(
  { name: 'network', short: '-n', long: '--network', argument: 'id|name', help: 'Network to attach to' },
  (typed, run) => findId(run, 'VNET', typed),
);

export const IP = text({ name: 'ip', short: '-i', long: '--ip', argument: 'ip', help: 'Address to ask for' });

const ALIAS = text({
  name: 'alias',
  short: '-a',
  long: '--alias',
  argument: 'alias',
  help: 'NIC that it is an alias of',
});

const NIC_NAME = text({ name: 'nic_name', long: '--nic_name', argument: 'name', help: 'Name of the NIC' });

const NIC_ID = partFormat({ name: 'nicid', help: 'NIC name or id' }, 'vm', 'TEMPLATE/NIC', 'NIC_ID', (name) => {
  return `NIC ${name} not found or duplicated`;
});

const nicAttach = command({
  name: 'nic-attach',
  help: [
    'Attaches a NIC to a VM: to a network, or what a template with one NIC says.',
    'With --pci and its like a PCI device becomes the NIC.',
    'States: RUNNING, POWEROFF',
  ].join('\n'),
  args: [required(vm.id)],
  options: [TEMPLATE_FILE, NETWORK, IP, ALIAS, NIC_NAME, ...PCI_FLAGS],
  run: async (run, id) => {
    const nic = await deviceText(run, () => nicText(run));
    return once(run, id, { kind, done: 'Attaching NIC' }, () => run.client.vm.attachnic(id, nic));
  },
});

function nicText(run: Run): string {
  if (!run.has(NETWORK)) {
    throw new Refusal('Provide a network or a template:\n\t--file    <file>\n\t--network <network>');
  }
  const network = `NETWORK_ID = ${run.get(NETWORK)}`;
  const pci = pciAttributes(run);
  const [name, attributes] =
    pci.length > 0
      ? ['PCI', ['TYPE = NIC', network, ...pci]]
      : run.has(ALIAS)
        ? ['NIC_ALIAS', [`PARENT = ${run.get(ALIAS)}`, network]]
        : ['NIC', [network]];
  if (run.has(IP)) attributes.push(`IP = ${run.get(IP)}`);
  if (run.has(NIC_NAME)) attributes.push(`NAME = ${run.get(NIC_NAME)}`);
  return `${name} = [ ${attributes.join(', ')} ]`;
}

const nicDetach = command({
  name: 'nic-detach',
  help: 'Detaches a NIC from a VM.\nStates: RUNNING, POWEROFF',
  args: [required(vm.id), required(NIC_ID)],
  run: (run, id, nicId) => once(run, id, { kind, done: 'Detaching NIC' }, () => run.client.vm.detachnic(id, nicId)),
});

const nicUpdate = command({
  name: 'nic-update',
  help: 'Changes a NIC of a VM, on the host too when the VM runs.',
  args: [required(vm.id), required(NIC_ID), optional(FILE)],
  options: [APPEND],
  run: (run, id, nicId, file) =>
    once(run, id, { kind, done: 'Updating VM NIC' }, async () => {
      const typed = await updatedText(run, file, async () => {
        if (run.has(APPEND)) return '';
        const document = await fetchDocument(run, 'one.vm.info', id, false);
        return templateDump(document.all('TEMPLATE/NIC').find((nic) => nic.int('NIC_ID') === nicId));
      });
      const isWhole = /NIC\s*=\s*\[/.test(typed);
      const nic = isWhole ? typed : `NIC=[\n${typed.trim().split('\n').join(',\n')}]`;
      await run.client.vm.updatenic(id, nicId, nic, run.has(APPEND) ? UPDATE.APPEND : UPDATE.REPLACE);
    }),
});

const SECURITY_GROUP_ID = intFormat('sgid', 'Security Group id');

function securityGroupCommand(
  name: 'sg-attach' | 'sg-detach',
  method: 'attachsg' | 'detachsg',
  help: string,
  done: string,
) {
  return command({
    name,
    help,
    args: [required(vm.id), required(NIC_ID), required(SECURITY_GROUP_ID)],
    run: (run, id, nicId, groupId) => once(run, id, { kind, done }, () => run.client.vm[method](id, nicId, groupId)),
  });
}

export const nicCommands: readonly Command[] = [
  nicAttach,
  nicDetach,
  nicUpdate,
  securityGroupCommand('sg-attach', 'attachsg', 'Gives a NIC of a VM a security group.', 'Attaching SG'),
  securityGroupCommand('sg-detach', 'detachsg', 'Takes a security group from a NIC of a VM.', 'Detaching SG'),
];
