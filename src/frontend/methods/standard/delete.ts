/** `one.<kind>.delete`. */

import type { AclRule } from '../../../opennebula/acl.ts';
import type { Right } from '../../../opennebula/permissions.ts';
import { KINDS, type Kind, type Records } from '../../objects/kinds.ts';
import type { Cloud } from '../../store/cloud.ts';
import { notPossible } from '../api-error.ts';
import type { Call } from '../call.ts';
import { defineMethod, int, type Method } from '../method.ts';

export interface DeleteOptions<K extends Kind> {
  /** Right that is needed; MANAGE unless given. */
  readonly right?: Right;
  /** Why it cannot be removed, in oned's words; undefined when it can. */
  readonly obstacle?: (call: Call, record: Records[K]) => string | undefined;
  /** What goes with it. Within the transaction of the removal. */
  readonly alongWith?: (call: Call, record: Records[K]) => void;
}

export function deleteMethod<K extends Kind>(kind: K, options: DeleteOptions<K> = {}): Method {
  const { right = 'MANAGE' } = options;
  return defineMethod({
    name: `one.${KINDS[kind].prefix}.delete`,
    params: { id: int },
    help: `Removes a ${KINDS[kind].title}.`,
    run(call, { id }) {
      removeObject(call, kind, call.getAuthorized(kind, id, right), options);
      return id;
    },
  });
}

/** Removes an object and the rules that name it. @throws ApiError ACTION */
export function removeObject<K extends Kind>(
  call: Call,
  kind: K,
  record: Records[K],
  { obstacle, alongWith }: DeleteOptions<K>,
): void {
  const reason = obstacle?.(call, record);
  if (reason !== undefined) throw notPossible(`Cannot delete ${KINDS[kind].title}. ${reason}`);
  call.cloud.transaction(() => {
    alongWith?.(call, record);
    call.cloud.pools[kind].delete(record.id);
    deleteRulesOn(call.cloud, kind, record.id);
  });
}

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
