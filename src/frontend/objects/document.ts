/** Documents: templates that other programs keep here, told apart by a type number (src/document/Document.cc, 7.4). */
import { permissionsXml } from '../../opennebula/permissions.ts';
import { templateXml } from '../../opennebula/template.ts';
import { group, text } from '../../opennebula/xml.ts';
import type { LockableRecord, OwnedRecord, TemplateRecord } from './record.ts';
import { headXml, lockXml } from './xml-parts.ts';

export interface Document extends OwnedRecord, LockableRecord, TemplateRecord {
  readonly type: number;
}

export function documentXml(document: Document): string {
  return group(
    'DOCUMENT',
    headXml(document),
    text('TYPE', document.type),
    permissionsXml(document.permissions),
    lockXml(document),
    group('TEMPLATE', templateXml(document.template)),
  );
}
