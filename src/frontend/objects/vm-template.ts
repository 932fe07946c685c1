/** VM templates (src/vm_template/VMTemplate.cc, 7.4). */
import { type Template, templateXml } from '../../opennebula/template.ts';
import { group, text } from '../../opennebula/xml.ts';
import { memoize } from './memoize.ts';
import type { LockableRecord, OwnedRecord, TemplateRecord } from './record.ts';
import { headXml, lockAndPermissionsXml } from './xml-parts.ts';

export interface VmTemplate extends OwnedRecord, LockableRecord, TemplateRecord {
  /** When it was registered, epoch seconds. */
  readonly registeredAt: number;
}

export const vmTemplateXml = memoize((template: VmTemplate) => vmTemplateXmlWith(template, template.template));

/** The document with another content in its place, as `template.info` shows it when asked for the extended form. */
export function vmTemplateXmlWith(template: VmTemplate, content: Template): string {
  return group(
    'VMTEMPLATE',
    headXml(template),
    lockAndPermissionsXml(template),
    text('REGTIME', template.registeredAt),
    group('TEMPLATE', templateXml(content)),
  );
}
