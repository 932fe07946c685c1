/** `one.<kind>.lock` and `one.<kind>.unlock`. */
import { KINDS, type Kind, type Records } from '../../objects/kinds.ts';
import type { LockableRecord } from '../../objects/record.ts';
import { notPossible } from '../api-error.ts';
import { boolean, defineMethod, int, type Method, optional } from '../method.ts';

/** Levels as callers number them: use, manage, admin, and all, which is kept as use. */
const LEVELS: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 3, 4: 1 };

export function lockMethods<K extends Kind>(kind: K): readonly Method[] {
  const { prefix, title } = KINDS[kind];
  return [
    defineMethod({
      name: `one.${prefix}.lock`,
      params: { id: int, level: int, test: optional(boolean, false) },
      help: `Locks a ${title}: 1 use, 2 manage, 3 admin, 4 all; with test only when it is not locked yet.`,
      run(call, { id, level, test }) {
        const record = call.getAuthorized(kind, id, 'MANAGE', { despiteLock: true });
        const { lock }: LockableRecord = record;
        const kept = LEVELS[level];
        if (kept === undefined) throw notPossible('Wrong lock level specified');
        if (test && lock) throw notPossible(String(lock.time));
        if (lock && lock.uid !== call.uid && !call.isAdmin) throw notPossible('Error trying to lock the resource.');
        const { requestId, uid, services } = call;
        const locked = { ...record, lock: { level: kept, uid, time: services.clock.now(), requestId } };
        call.cloud.transaction(() => call.cloud.pools[kind].put(locked));
        return id;
      },
    }),
    defineMethod({
      name: `one.${prefix}.unlock`,
      params: { id: int },
      help: `Unlocks a ${title}.`,
      run(call, { id }) {
        const record: Records[K] & LockableRecord = call.getAuthorized(kind, id, 'MANAGE', { despiteLock: true });
        const { lock, ...unlocked } = record;
        if (lock && lock.uid !== call.uid && !call.isAdmin) {
          throw notPossible('Cannot unlock: Lock is owned by another user');
        }
        if (lock) call.cloud.transaction(() => call.cloud.pools[kind].put(unlocked as never));
        return id;
      },
    }),
  ];
}
