/** `one.<kind>.delete`. */

import type { Right } from '../../../opennebula/permissions.ts';
import { KINDS, type Kind, type Records } from '../../objects/kinds.ts';
import { deleteRulesOn } from '../../resources/acl-rules.ts';
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
  /** How it is removed, where that is not done with the record. Within a transaction. */
  readonly remove?: (call: Call, record: Records[K]) => void;
}

export function deleteMethod<K extends Kind>(kind: K, options: DeleteOptions<K> = {}): Method {
  const { right = 'MANAGE' } = options;
  return defineMethod({
    name: `one.${KINDS[kind].prefix}.delete`,
    params: { id: int },
    help: `Removes a ${KINDS[kind].title}.`,
    run(call, { id }) {
      call.get(kind, id);
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
  { obstacle, alongWith, remove }: DeleteOptions<K>,
): void {
  const reason = obstacle?.(call, record);
  if (reason !== undefined) throw notPossible(`Cannot delete ${KINDS[kind].title}. ${reason}`);
  call.cloud.transaction(() => {
    if (remove) remove(call, record);
    else {
      alongWith?.(call, record);
      call.cloud.pools[kind].delete(record.id);
    }
    deleteRulesOn(call.cloud, kind, record.id);
  });
}
