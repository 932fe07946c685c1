/** Objects of which only head, permissions and template matter here: kinds that are listed but not worked with. */
import { templateXml } from '../../opennebula/template.ts';
import { group } from '../../opennebula/xml.ts';
import type { LockableRecord, OwnedRecord, TemplateRecord } from './record.ts';
import { headXml, lockAndPermissionsXml } from './xml-parts.ts';

export interface PlainObject extends OwnedRecord, LockableRecord, TemplateRecord {}

export function plainObjectXml(element: string, object: PlainObject): string {
  return group(
    element,
    headXml(object),
    lockAndPermissionsXml(object),
    group('TEMPLATE', templateXml(object.template)),
  );
}
