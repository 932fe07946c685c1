/**
 * `onevm save`: a template that makes VMs like a given one. The VM's template is cloned, its disks are saved as images,
 * and capacity, disks and NICs of the clone are those of the VM (virtual_machine_ext.rb, 7.4).
 */
import type { Client } from '../../../opennebula/client/client.ts';
import { UPDATE } from '../../../opennebula/client/constants.ts';
import { waitForVm } from '../../../opennebula/client/wait.ts';
import { printTemplate, Template, type Vector } from '../../../opennebula/template.ts';
import { VM_STATE } from '../../../opennebula/vm-states.ts';
import type { Node } from '../../document.ts';
import { command, required } from '../command.ts';
import { textFormat } from '../formats.ts';
import { flag } from '../option.ts';
import { Refusal } from '../refusal.ts';
import { fetchDocument } from '../resource.ts';
import { once } from '../verbs/each.ts';
import { vm } from './vm.ts';

const PERSISTENT = flag({ name: 'persistent', long: '--persistent', help: 'Make the new images persistent' });

export const save = command({
  name: 'save',
  help: [
    'Makes a template of a VM that came from one: disks are saved as new images, capacity and NICs are those of the VM.',
    'States: POWEROFF',
  ].join('\n'),
  args: [required(vm.id), required(textFormat('name'))],
  options: [PERSISTENT],
  run: (run, id, name) =>
    once(run, id, { kind: vm.kind, done: 'Saving VM' }, async () => {
      const document = await fetchDocument(run, 'one.vm.info', id, false);
      run.print(`Template ID: ${await saveAsTemplate(run.client, document, name, run.has(PERSISTENT))}`);
    }),
});

/** What is made is deleted again when a later step fails. */
export async function saveAsTemplate(
  client: Client,
  document: Node,
  name: string,
  isPersistent: boolean,
): Promise<number> {
  const sourceId = document.get('TEMPLATE/TEMPLATE_ID');
  if (sourceId === undefined) throw new Refusal('VM has no associated template');
  if (document.int('STATE') !== VM_STATE.POWEROFF) throw new Refusal('VM must be POWEROFF');
  const imageIds: number[] = [];
  const templateId = await client.template.clone(Number(sourceId), name);
  try {
    const changes = new Template();
    for (const capacity of ['CPU', 'VCPU', 'MEMORY']) {
      const value = document.get(`TEMPLATE/${capacity}`);
      if (value) changes.set(capacity, value);
    }
    for (const disk of document.all('TEMPLATE/DISK')) {
      changes.add('DISK', await savedDisk(client, document.int('ID'), disk, name, imageIds));
    }
    if (isPersistent) for (const imageId of imageIds) await client.image.persistent(imageId, true);
    for (const nic of document.all('TEMPLATE/NIC')) changes.add('NIC', attributesOf(nic, NIC_FACTS));
    changes.set('SAVED_TEMPLATE_ID', sourceId);
    await client.template.update(templateId, printTemplate(changes), UPDATE.APPEND);
    return templateId;
  } catch (error) {
    await Promise.allSettled([client.template.delete(templateId), ...imageIds.map((id) => client.image.delete(id))]);
    throw error;
  }
}

/** What the daemon puts into a disk or a NIC of a VM and a template has no use for. */
const DISK_FACTS = [
  'DEV_PREFIX',
  'SOURCE',
  'DRIVER',
  'FORMAT',
  'ORIGINAL_SIZE',
  'DISK_SNAPSHOT_TOTAL_SIZE',
  'IMAGE_STATE',
  'SAVE',
  'CLONE',
  'READONLY',
  'PERSISTENT',
  'TARGET',
  'ALLOW_ORPHANS',
  'CLONE_TARGET',
  'CLUSTER_ID',
  'DATASTORE',
  'DATASTORE_ID',
  'DISK_ID',
  'DISK_TYPE',
  'IMAGE_ID',
  'IMAGE',
  'IMAGE_UNAME',
  'IMAGE_UID',
  'LN_TARGET',
  'TM_MAD',
  'TM_MAD_SYSTEM',
  'OPENNEBULA_MANAGED',
  'PERSISTENT_SNAPSHOTS',
];

const NIC_FACTS = [
  'AR_ID',
  'BRIDGE',
  'CLUSTER_ID',
  'IP',
  'MAC',
  'TARGET',
  'NIC_ID',
  'NETWORK_ID',
  'VN_MAD',
  'SECURITY_GROUPS',
  'VLAN_ID',
  'BRIDGE_TYPE',
];

/** Volatile disks and CDs are described as they are; any other becomes a new image, whose id is added to `imageIds`. */
async function savedDisk(client: Client, vmId: number, disk: Node, name: string, imageIds: number[]): Promise<Vector> {
  const imageId = disk.get('IMAGE_ID');
  if (imageId === undefined) return attributesOf(disk, DISK_FACTS);
  if (disk.get('TYPE') === 'CDROM') return { IMAGE_ID: imageId };
  await waitForVm(client, vmId, 'POWEROFF');
  const diskId = disk.int('DISK_ID');
  const savedId = await client.vm.disksaveas(vmId, diskId, `${name}-disk-${diskId}`);
  imageIds.push(savedId);
  return { IMAGE_ID: String(savedId), ...attributesOf(disk, [...DISK_FACTS, 'SIZE', 'TYPE']) };
}

function attributesOf(node: Node, left: readonly string[]): Vector {
  const kept = node.children.filter((child) => child.hasText && !left.includes(child.name));
  return Object.fromEntries(kept.map(({ name, text }) => [name, text]));
}
