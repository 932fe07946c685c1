/** Records as JSON: plain data, but for the templates in them. */
import { Template } from '../../opennebula/template.ts';
import type { Kind, Records } from '../objects/kinds.ts';
import { sharedAsRead, sharedText, withSharedAttributes } from '../objects/shared-copies.ts';
import type { VmThen } from '../objects/vm-then.ts';

/** Fields that hold a template, wherever they stand. */
const TEMPLATE_FIELDS: Partial<Record<Kind, readonly string[]>> = { vm: ['template', 'userTemplate'], acl: [] };
const ONE_TEMPLATE = ['template'];

export function encodeRecord(record: Records[Kind]): string {
  return JSON.stringify(record);
}

export function decodeRecord<K extends Kind>(kind: K, body: string): Records[K] {
  const record = JSON.parse(body);
  for (const field of TEMPLATE_FIELDS[kind] ?? ONE_TEMPLATE)
    record[field] = withSharedAttributes(new Template(record[field]), sharedAsRead);
  if (kind === 'host') {
    record.share.pciDevices = sharedAsRead(record.share.pciDevices);
    record.share.numaNodesXml = sharedText(record.share.numaNodesXml);
  }
  return record;
}

/** The history is kept with the VM itself. */
export function encodeVmThen({ vm, ...then }: VmThen): string {
  return JSON.stringify({ ...then, vm: { ...vm, history: [] } });
}

export function decodeVmThen(body: string): VmThen {
  const { vm, ...then } = JSON.parse(body);
  return { ...then, vm: { ...vm, template: new Template(vm.template), userTemplate: new Template(vm.userTemplate) } };
}
