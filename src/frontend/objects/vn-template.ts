/** Templates of networks (src/vn_template/VNTemplate.cc, 7.4): kept, and made into networks, as VM templates are. */
import { templateXml } from '../../opennebula/template.ts';
import { group, text } from '../../opennebula/xml.ts';
import type { VmTemplate } from './vm-template.ts';
import { headXml, lockAndPermissionsXml } from './xml-parts.ts';

export type VnTemplate = VmTemplate;

export function vnTemplateXml(record: VnTemplate): string {
  return group(
    'VNTEMPLATE',
    headXml(record),
    lockAndPermissionsXml(record),
    text('REGTIME', record.registeredAt),
    group('TEMPLATE', templateXml(record.template)),
  );
}
