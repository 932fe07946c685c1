/** Security groups: rules that VMs take over when they use the group (src/secgroup/SecurityGroup.cc, 7.4). */
import { permissionsXml } from '../../opennebula/permissions.ts';
import { templateXml, type Vector } from '../../opennebula/template.ts';
import { group } from '../../opennebula/xml.ts';
import type { OwnedRecord, TemplateRecord } from './record.ts';
import { headXml, idList } from './xml-parts.ts';

export interface SecurityGroup extends OwnedRecord, TemplateRecord {}

/** The group that is added to every network. */
export const DEFAULT_SECURITY_GROUP_ID = 0;

/** VMs by how far the present rules have reached them. */
export interface RuleFollowers {
  readonly updated: Iterable<number>;
  readonly outdated: Iterable<number>;
  readonly updating: Iterable<number>;
  readonly error: Iterable<number>;
}

export function securityGroupXml(secgroup: SecurityGroup, vms: RuleFollowers): string {
  return group(
    'SECURITY_GROUP',
    headXml(secgroup),
    permissionsXml(secgroup.permissions),
    idList('UPDATED_VMS', vms.updated),
    idList('OUTDATED_VMS', vms.outdated),
    idList('UPDATING_VMS', vms.updating),
    idList('ERROR_VMS', vms.error),
    group('TEMPLATE', templateXml(secgroup.template)),
  );
}

/** The rules as VMs carry them in SECURITY_GROUP_RULE, marked with where they come from. */
export function securityGroupRules(secgroup: SecurityGroup): Vector[] {
  return secgroup.template.vectors('RULE').map((rule) => ({
    ...rule,
    SECURITY_GROUP_ID: String(secgroup.id),
    SECURITY_GROUP_NAME: secgroup.name,
  }));
}
