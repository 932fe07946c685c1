/** `one.<kind>.rename`. */
import type { Right } from '../../../opennebula/permissions.ts';
import { KINDS, type Kind, type Records } from '../../objects/kinds.ts';
import { nameProblem } from '../../objects/names.ts';
import type { ObjectRecord, OwnedRecord } from '../../objects/record.ts';
import { notPossible } from '../api-error.ts';
import type { Call } from '../call.ts';
import { defineMethod, int, type Method, string } from '../method.ts';

export interface RenameOptions<K extends Kind> {
  /** Right that is needed; MANAGE unless given. */
  readonly right?: Right;
  /** What else carries the name. Within the transaction of the change. */
  readonly spread?: (call: Call, record: Records[K]) => void;
}

export function renameMethod<K extends Kind>(kind: K, { right = 'MANAGE', spread }: RenameOptions<K> = {}): Method {
  const { prefix, title, namesUnique } = KINDS[kind];
  return defineMethod({
    name: `one.${prefix}.rename`,
    params: { id: int, name: string },
    help: `Renames a ${title}.`,
    run(call, { id, name }) {
      const record = call.get(kind, id);
      const { uid }: ObjectRecord & Partial<OwnedRecord> = record;
      if (record.name === name) return id;
      call.authorize(call.on(kind, record, right));
      const pool = call.cloud.pools[kind];
      const other = namesUnique === 'no' ? undefined : pool.byName(name, uid);
      if (other) {
        throw notPossible(`${title} cannot be renamed to ${name} because it collides with ${title} ${other.id}`);
      }
      const problem = nameProblem(name);
      if (problem !== undefined) throw notPossible(problem);
      call.cloud.transaction(() => {
        const renamed = { ...record, name };
        pool.put(renamed);
        spread?.(call, renamed);
      });
      return id;
    },
  });
}
