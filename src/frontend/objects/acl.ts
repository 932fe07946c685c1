/** Access control rules as objects: numbered, and listed by user number, then by age (src/acl/AclManager.cc, 7.4). */
import { type AclRule, encodeRule, encodeSelector, printRule } from '../../opennebula/acl.ts';
import { group, text } from '../../opennebula/xml.ts';
import type { ObjectRecord } from './record.ts';

/** `name` is the rule as it is printed. */
export interface Acl extends ObjectRecord {
  readonly rule: AclRule;
}

export function createAcl(id: number, rule: AclRule): Acl {
  return { id, name: printRule(rule), rule };
}

export function aclXml({ id, name, rule }: Acl): string {
  const { user, resource, rights, zone } = encodeRule(rule);
  return group(
    'ACL',
    text('ID', id),
    text('USER', user),
    text('RESOURCE', resource),
    text('RIGHTS', rights),
    text('ZONE', zone),
    text('STRING', name),
  );
}

export function aclPoolXml(rules: Iterable<Acl>): string {
  const sorted = [...rules].sort((a, b) => {
    const [x, y] = [encodeSelector(a.rule.user), encodeSelector(b.rule.user)];
    return x < y ? -1 : x > y ? 1 : a.id - b.id;
  });
  return group('ACL_POOL', ...sorted.map(aclXml));
}
