/** Rules that come and go with groups. */
import type { AclRule } from '../../opennebula/acl.ts';
import { printRule } from '../../opennebula/acl.ts';
import { createAcl } from '../objects/acl.ts';
import { deleteRules } from '../resources/acl-rules.ts';
import type { Cloud } from '../store/cloud.ts';

/** Adds rules that are not in the list yet. Within a transaction. */
export function addRules({ pools }: Cloud, rules: readonly AclRule[]): void {
  const known = new Set(Array.from(pools.acl.all(), ({ name }) => name));
  for (const rule of rules) if (!known.has(printRule(rule))) pools.acl.put(createAcl(pools.acl.nextId(), rule));
}

/** Removes exactly these rules. Within a transaction. */
export function removeRules(cloud: Cloud, rules: readonly AclRule[]): void {
  const names = new Set(rules.map(printRule));
  deleteRules(cloud, (rule) => names.has(printRule(rule)));
}
