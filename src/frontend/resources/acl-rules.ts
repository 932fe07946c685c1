/** Rules that go with what they name. */
import type { AclRule } from '../../opennebula/acl.ts';
import { KINDS, type Kind } from '../objects/kinds.ts';
import type { Cloud } from '../store/cloud.ts';

/** Removes the rules that name one object. Within a transaction. */
export function deleteRulesOn(cloud: Cloud, kind: Kind, id: number): void {
  const { authType } = KINDS[kind];
  deleteRules(
    cloud,
    ({ types, resource }) => resource.sign === '#' && resource.id === id && types.length === 1 && types[0] === authType,
  );
}

/** Removes rules. Within a transaction. */
export function deleteRules(cloud: Cloud, obsolete: (rule: AclRule) => boolean): void {
  const ids = Array.from(cloud.pools.acl.all()).flatMap(({ id, rule }) => (obsolete(rule) ? [id] : []));
  for (const id of ids) cloud.pools.acl.delete(id);
}
