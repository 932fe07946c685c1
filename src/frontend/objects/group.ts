/** Groups (src/group/Group.cc, 7.4). Who belongs to a group is written in the users. */
import { type Attribute, templateXml } from '../../opennebula/template.ts';
import { group as element, text } from '../../opennebula/xml.ts';
import { type Quotas, quotasXml } from './quotas.ts';
import type { TemplateRecord } from './record.ts';
import { type VlanRule, vlanRulesXml } from './vlan-rules.ts';
import { idList } from './xml-parts.ts';

export interface Group extends TemplateRecord {
  readonly adminIds: readonly number[];
  readonly quotas: Quotas;
  /** None unless given. */
  readonly vlanRules?: readonly VlanRule[];
  /** What else was given with the rules. */
  readonly vlanNotes?: readonly Attribute[];
}

/** Members of this group may do everything. */
export const ONEADMIN_GROUP_ID = 0;
/** The group of users that are made without one. */
export const USERS_GROUP_ID = 1;

/** The element as it stands in the pool: without quotas and rules. */
function groupXml(group: Group, userIds: Iterable<number>, extra = ''): string {
  return element(
    'GROUP',
    text('ID', group.id),
    text('NAME', group.name),
    element('TEMPLATE', templateXml(group.template)),
    idList('USERS', userIds),
    idList('ADMINS', group.adminIds),
    extra,
  );
}

export function groupXmlWithQuotas(group: Group, userIds: Iterable<number>, defaults: Quotas): string {
  const extra = quotasXml(group.quotas) + vlanRulesXml(group) + element('DEFAULT_GROUP_QUOTAS', quotasXml(defaults));
  return groupXml(group, userIds, extra);
}

export function groupPoolXml(
  groups: Iterable<Group>,
  userIdsOf: (group: Group) => Iterable<number>,
  defaults: Quotas,
): string {
  const entry = (group: Group) =>
    groupXml(group, userIdsOf(group)) +
    element('QUOTAS', text('ID', group.id), quotasXml(group.quotas)) +
    vlanRulesXml(group);
  return element('GROUP_POOL', ...Array.from(groups, entry), element('DEFAULT_GROUP_QUOTAS', quotasXml(defaults)));
}
