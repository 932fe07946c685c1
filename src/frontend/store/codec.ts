/** Records as JSON: plain data, but for the templates in them. */
import { Template } from '../../opennebula/template.ts';
import type { Kind, Records } from '../objects/kinds.ts';
import { sharedCopy, withSharedAttributes } from '../objects/shared-copies.ts';

/** Fields that hold a template, wherever they stand. */
const TEMPLATE_FIELDS: Partial<Record<Kind, readonly string[]>> = { vm: ['template', 'userTemplate'], acl: [] };
const ONE_TEMPLATE = ['template'];

export function encodeRecord(record: Records[Kind]): string {
  return JSON.stringify(record);
}

export function decodeRecord<K extends Kind>(kind: K, body: string): Records[K] {
  const record = JSON.parse(body);
  for (const field of TEMPLATE_FIELDS[kind] ?? ONE_TEMPLATE)
    record[field] = withSharedAttributes(new Template(record[field]));
  if (kind === 'host') record.share.pciDevices = sharedCopy(record.share.pciDevices);
  return record;
}
