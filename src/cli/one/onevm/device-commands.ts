/** Verbs on disks, NICs, snapshots and PCI devices of VMs. */
import { UPDATE } from '../../../opennebula/client/constants.ts';
import { type Command, command, type Format, optional, required } from '../command.ts';
import { FILE, intFormat, textFormat } from '../formats.ts';
import { partFormat } from '../lookup.ts';
import { findId } from '../names.ts';
import { converted, text } from '../option.ts';
import { TEMPLATE_FILE } from '../options/template-file.ts';
import { heading } from '../output/page.ts';
import { templateDump } from '../output/template-dump.ts';
import { Refusal } from '../refusal.ts';
import { fetchDocument } from '../resource.ts';
import type { Run } from '../run.ts';
import { megabytes } from '../size-text.ts';
import { printPage } from '../terminal.ts';
import { APPEND, updatedText } from '../text-source.ts';
import { forEach, once } from '../verbs/each.ts';
import { SCHEDULE_OPTIONS, scheduleInstead } from './schedule.ts';
import { diskSnapshotLines, systemSnapshotLines } from './snapshot-tables.ts';
import { VMS, vm } from './vm.ts';

const { kind } = vm;

const IMAGE = converted(
  { name: 'image', short: '-i', long: '--image', argument: 'id|name', help: 'Image to attach' },
  (typed, run) => findId(run, 'IMAGE', typed),
);
const TARGET = text({ name: 'target', short: '-t', long: '--target', argument: 'target', help: 'Device name for it' });
const PREFIX = text({ name: 'prefix', long: '--prefix', argument: 'prefix', help: 'Beginning of its device name' });
const CACHE = text({ name: 'cache', long: '--cache', argument: 'cache_mode', help: 'How the hypervisor caches it' });
const DISCARD = text({
  name: 'discard',
  long: '--discard',
  argument: 'discard_mode',
  help: 'Discard: ignore or unmap',
});
const NETWORK = converted(
  { name: 'network', short: '-n', long: '--network', argument: 'id|name', help: 'Network to attach to' },
  (typed, run) => findId(run, 'VNET', typed),
);
const IP = text({ name: 'ip', short: '-i', long: '--ip', argument: 'ip', help: 'Address to ask for' });
const ALIAS = text({
  name: 'alias',
  short: '-a',
  long: '--alias',
  argument: 'alias',
  help: 'NIC that it is an alias of',
});
const NIC_NAME = text({ name: 'nic_name', long: '--nic_name', argument: 'name', help: 'Name of the NIC' });
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
const TYPE = text({ name: 'type', short: '-t', long: '--type', argument: 'type', help: 'Type of the new image' });
const SNAPSHOT = text({
  name: 'snapshot',
  short: '-s',
  long: '--snapshot',
  argument: 'snapshot',
  help: 'Snapshot to save, in place of the present contents',
});

const DISK_ID = intFormat('diskid', 'Disk id');
const SIZE: Format<number> = {
  name: 'size',
  help: 'Disk size in MiB, or with G or T',
  read: (typed) => megabytes(typed, { malformed: 'Size value malformed', terabytes: true, round: Math.ceil }),
};
const NIC_ID = partFormat({ name: 'nicid', help: 'NIC name or id' }, 'vm', 'TEMPLATE/NIC', 'NIC_ID', (name) => {
  return `NIC ${name} not found or duplicated`;
});
const SNAPSHOT_ID = partFormat(
  { name: 'snapshot_id', help: 'Snapshot name or id' },
  'vm',
  'TEMPLATE/SNAPSHOT',
  'SNAPSHOT_ID',
  (name) => `${name} not found or duplicated`,
);
const DISK_SNAPSHOT_ID = partFormat(
  { name: 'disk_snapshot_id', help: 'Disk_snapshot name or id' },
  'vm',
  'SNAPSHOTS/SNAPSHOT',
  'ID',
  (name) => `Snapshot ${name} not found or duplicated`,
);

/** What the API is given: the file, what was piped in, or what the flags say. */
async function deviceText(run: Run, fromFlags: () => string): Promise<string> {
  return run.get(TEMPLATE_FILE) ?? ((await run.io.readStdin('if-any')) || fromFlags());
}

const diskAttach = command({
  name: 'disk-attach',
  help: 'Attaches a disk to a VM: an image, or what a template with one DISK says.\nStates: RUNNING, POWEROFF',
  args: [required(vm.id)],
  options: [TEMPLATE_FILE, IMAGE, TARGET, CACHE, DISCARD, PREFIX],
  run: async (run, id) => {
    const disk = await deviceText(run, () => diskText(run));
    return once(run, id, { kind, done: 'Attaching disk' }, () => run.client.vm.attach(id, disk));
  },
});

function diskText(run: Run): string {
  if (!run.has(IMAGE)) {
    throw new Refusal('Provide a template or an image:\n\t--file  <file>\n\t--image <image>');
  }
  const attributes = [
    `IMAGE_ID = ${run.get(IMAGE)}`,
    run.has(TARGET) ? `TARGET = ${run.get(TARGET)}` : run.has(PREFIX) ? `DEV_PREFIX = ${run.get(PREFIX)}` : [],
    run.has(CACHE) ? `CACHE = "${run.get(CACHE)}"` : [],
    run.has(DISCARD) ? `DISCARD = "${run.get(DISCARD)}"` : [],
  ];
  return `DISK = [ ${attributes.flat().join(', ')} ]`;
}

const diskDetach = command({
  name: 'disk-detach',
  help: 'Detaches a disk from a VM.\nStates: RUNNING, POWEROFF',
  args: [required(vm.id), required(DISK_ID)],
  run: (run, id, diskId) => once(run, id, { kind, done: 'Detaching disk' }, () => run.client.vm.detach(id, diskId)),
});

const diskResize = command({
  name: 'disk-resize',
  help: 'Makes a disk of a VM larger. Sizes are in MiB, or with G or T.\nStates: RUNNING, POWEROFF',
  args: [required(vm.id), required(DISK_ID), required(SIZE)],
  run: (run, id, diskId, size) =>
    once(run, id, { kind, done: 'resizing disk' }, async () => {
      const document = await fetchDocument(run, 'one.vm.info', id, false);
      const disk = document.all('TEMPLATE/DISK').find((candidate) => candidate.int('DISK_ID') === diskId);
      const present = disk?.int('SIZE') ?? 0;
      if (size <= present) throw new Refusal(`New size '${size}' must be larger than current size '${present}'`);
      await run.client.vm.diskresize(id, diskId, String(size));
    }),
});

const diskSaveAs = command({
  name: 'disk-saveas',
  help: 'Saves a disk of a VM as a new image, which is there at once and filled meanwhile.\nStates: any but DONE',
  args: [required(vm.id), required(DISK_ID), required(textFormat('img_name'))],
  options: [TYPE, SNAPSHOT],
  run: async (run, id, diskId, name) => {
    const wanted = run.get(SNAPSHOT);
    const snapshotId = wanted ? ((await DISK_SNAPSHOT_ID.read(wanted, run, [id])) ?? -1) : -1;
    const what = snapshotId === -1 ? `disk ${diskId}` : `disk ${diskId} snapshot ${snapshotId}`;
    return once(run, id, { kind, done: `${what} prepared to be saved in the image ${name}` }, async () => {
      run.print(`Image ID: ${await run.client.vm.disksaveas(id, diskId, name, run.get(TYPE), snapshotId)}`);
    });
  },
});

const nicAttach = command({
  name: 'nic-attach',
  help: [
    'Attaches a NIC to a VM: to a network, or what a template with one NIC says.',
    'With --pci and its like a PCI device becomes the NIC.',
    'States: RUNNING, POWEROFF',
  ].join('\n'),
  args: [required(vm.id)],
  options: [TEMPLATE_FILE, NETWORK, IP, ALIAS, NIC_NAME, PCI, PCI_CLASS, PCI_VENDOR, PCI_DEVICE],
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

function pciAttributes(run: Run): string[] {
  const choices = [
    [PCI, 'SHORT_ADDRESS'],
    [PCI_DEVICE, 'DEVICE'],
    [PCI_CLASS, 'CLASS'],
    [PCI_VENDOR, 'VENDOR'],
  ] as const;
  return choices.flatMap(([option, name]) => (run.has(option) ? [`${name} = "${run.get(option)}"`] : []));
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

const pciAttach = command({
  name: 'pci-attach',
  help: 'Attaches a PCI device to a VM.\nStates: POWEROFF, UNDEPLOYED',
  args: [required(vm.id)],
  options: [TEMPLATE_FILE, PCI, PCI_CLASS, PCI_VENDOR, PCI_DEVICE],
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

const snapshotCreate = command({
  name: 'snapshot-create',
  help: 'Takes a snapshot of VMs.\nStates: RUNNING',
  args: [VMS, optional(textFormat('name'))],
  options: SCHEDULE_OPTIONS,
  run: (run, ids, name) =>
    scheduleInstead(run, ids, { action: 'snapshot-create', args: name }) ??
    forEach(run, ids, { kind, done: 'creating snapshot' }, (id) => run.client.vm.snapshotcreate(id, name ?? '')),
});

function snapshotCommand(name: 'snapshot-revert' | 'snapshot-delete', help: string, done: string) {
  const method = name === 'snapshot-revert' ? 'snapshotrevert' : 'snapshotdelete';
  return command({
    name,
    help,
    args: [required(vm.id), required(SNAPSHOT_ID)],
    options: SCHEDULE_OPTIONS,
    run: (run, id, snapshotId) =>
      scheduleInstead(run, [id], { action: name, args: String(snapshotId) }) ??
      once(run, id, { kind, done }, () => run.client.vm[method](id, snapshotId)),
  });
}

const snapshotList = command({
  name: 'snapshot-list',
  help: 'Lists the snapshots of a VM.',
  args: [required(vm.id)],
  run: async (run, id) => {
    const document = await fetchDocument(run, 'one.vm.info', id, false);
    const lines = systemSnapshotLines(document);
    if (lines.length === 0) run.print('No snapshots available');
    else printPage(run, [heading('SNAPSHOTS'), ...lines]);
  },
});

const diskSnapshotCreate = command({
  name: 'disk-snapshot-create',
  help: 'Takes a snapshot of a disk of a VM.\nStates: RUNNING, POWEROFF, SUSPENDED',
  args: [required(vm.id), required(DISK_ID), required(textFormat('name'))],
  options: SCHEDULE_OPTIONS,
  run: (run, id, diskId, name) =>
    scheduleInstead(run, [id], { action: 'disk-snapshot-create', args: `${diskId},${name}` }) ??
    once(run, id, { kind, done: 'creating disk snapshot' }, () => run.client.vm.disksnapshotcreate(id, diskId, name)),
});

function diskSnapshotCommand(name: 'disk-snapshot-revert' | 'disk-snapshot-delete', help: string, done: string) {
  const method = name === 'disk-snapshot-revert' ? 'disksnapshotrevert' : 'disksnapshotdelete';
  return command({
    name,
    help,
    args: [required(vm.id), required(DISK_ID), required(DISK_SNAPSHOT_ID)],
    options: SCHEDULE_OPTIONS,
    run: (run, id, diskId, snapshotId) =>
      scheduleInstead(run, [id], { action: name, args: `${diskId},${snapshotId}` }) ??
      once(run, id, { kind, done }, () => run.client.vm[method](id, diskId, snapshotId)),
  });
}

const diskSnapshotRename = command({
  name: 'disk-snapshot-rename',
  help: 'Renames a snapshot of a disk.',
  args: [required(vm.id), required(DISK_ID), required(DISK_SNAPSHOT_ID), required(textFormat('new_snapshot_name'))],
  run: (run, id, diskId, snapshotId, name) =>
    once(run, id, { kind, done: 'disk snapshot rename' }, () =>
      run.client.vm.disksnapshotrename(id, diskId, snapshotId, name),
    ),
});

const diskSnapshotList = command({
  name: 'disk-snapshot-list',
  help: 'Lists the snapshots of a disk.',
  args: [required(vm.id), required(DISK_ID)],
  run: async (run, id, diskId) => {
    const document = await fetchDocument(run, 'one.vm.info', id, false);
    if (!document.isFilled('SNAPSHOTS')) run.print('No snapshots available in this disk');
    else printPage(run, [heading('VM DISK SNAPSHOTS'), ...diskSnapshotLines(document, diskId)]);
  },
});

export const deviceCommands: readonly Command[] = [
  diskAttach,
  diskDetach,
  diskResize,
  diskSaveAs,
  diskSnapshotCreate,
  diskSnapshotCommand(
    'disk-snapshot-revert',
    'Sets a disk back to a snapshot.\nStates: POWEROFF, SUSPENDED',
    'reverting disk snapshot',
  ),
  diskSnapshotCommand(
    'disk-snapshot-delete',
    'Deletes a snapshot of a disk.\nStates: RUNNING, POWEROFF, SUSPENDED',
    'deleting disk snapshot',
  ),
  diskSnapshotRename,
  diskSnapshotList,
  nicAttach,
  nicDetach,
  nicUpdate,
  securityGroupCommand('sg-attach', 'attachsg', 'Gives a NIC of a VM a security group.', 'Attaching SG'),
  securityGroupCommand('sg-detach', 'detachsg', 'Takes a security group from a NIC of a VM.', 'Detaching SG'),
  pciAttach,
  pciDetach,
  snapshotCreate,
  snapshotCommand('snapshot-revert', 'Sets a VM back to a snapshot.\nStates: RUNNING', 'reverting snapshot'),
  snapshotCommand('snapshot-delete', 'Deletes a snapshot of a VM.\nStates: RUNNING', 'deleting snapshot'),
  snapshotList,
];
