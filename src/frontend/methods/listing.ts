/**
 * Which objects of a pool a caller gets: those that he may use, narrowed by filter flag and range, in list order
 * (src/pool/PoolSQL.cc, src/rm/api/PoolSharedAPI.cc, 7.4).
 */
import type { Kind, OwnedKind, Records } from '../objects/kinds.ts';
import type { Pool } from '../store/pool.ts';
import { wrongParameter } from './api-error.ts';
import type { Call } from './call.ts';
import { int } from './method.ts';

/** -4 the caller's primary group, -3 his own, -2 all, -1 his own and his groups', from 0 on those of that user. */
export const FILTER = { GROUP: -4, MINE: -3, ALL: -2, MINE_GROUP: -1 } as const;

export interface Range {
  /** First id, or how many to pass over when paging; -1: from the start. */
  readonly start: number;
  /** Last id; -1: no end; below that the size of a page. */
  readonly end: number;
}

/** Parameters of most pool calls. */
export const LISTING_PARAMS = { filter: int, start: int, end: int };

/**
 * @param also  what else is asked of the objects, if anything
 * @throws ApiError RPC_API for a filter flag that there is not
 */
export function listOwned<K extends OwnedKind>(
  call: Call,
  kind: K,
  { filter, start, end }: Range & { readonly filter: number },
  also?: Condition<K>,
): Records[K][] {
  if (filter < FILTER.GROUP) throw wrongParameter('Incorrect filter_flag');
  return inRange(call, kind, { start, end }, [also, belonging(call, filter), usableOrOwn(call, kind, filter)]);
}

/** Pools that know neither filter nor range. */
export function listUsable<K extends Kind>(call: Call, kind: K): Records[K][] {
  return inRange(call, kind, { start: -1, end: -1 }, [usable(call, kind)]);
}

/** What an object must be to be listed. One that all objects fulfil is undefined, so that nobody need look at them. */
type Condition<K extends Kind> = (record: Records[K]) => boolean;

function belonging<K extends OwnedKind>(call: Call, filter: number): Condition<K> | undefined {
  const { uid, gid, caller } = call;
  if (filter === FILTER.ALL) return undefined;
  if (filter === FILTER.MINE) return (record) => record.uid === uid;
  if (filter === FILTER.GROUP) return (record) => record.gid === gid;
  if (filter === FILTER.MINE_GROUP) {
    return (record) => record.uid === uid || caller.groupIds.includes(record.gid);
  }
  return (record) => record.uid === filter;
}

function usableOrOwn<K extends OwnedKind>(call: Call, kind: K, filter: number): Condition<K> | undefined {
  const mayUse = usable(call, kind);
  if (!mayUse || filter > FILTER.MINE_GROUP) return mayUse;
  return (record) => record.uid === call.uid || mayUse(record);
}

function usable<K extends Kind>(call: Call, kind: K): Condition<K> | undefined {
  return call.isAdmin ? undefined : call.usable(kind);
}

function inRange<K extends Kind>(
  call: Call,
  kind: K,
  range: Range,
  conditions: readonly (Condition<K> | undefined)[],
): Records[K][] {
  const pool = call.cloud.pools[kind];
  const asked = conditions.filter((condition) => condition !== undefined);
  const isListed = (record: Records[K]) => asked.every((condition) => condition(record));
  const ids = pool.allIds();
  const isDescending = descending(call);
  const { start, end } = range;
  if (end >= -1) {
    const last = end === -1 || start === -1 ? Number.POSITIVE_INFINITY : end;
    const within = pool.withIds(ids.filter((id) => id >= start && id <= last));
    const listed = asked.length === 0 ? within : within.filter(isListed);
    return isDescending ? listed.reverse() : listed;
  }
  const ordered = isDescending ? ids.toReversed() : ids;
  const [from, size] = [Math.max(0, start), -end];
  // Without conditions nothing is looked at that is not on the page.
  if (asked.length === 0) return pool.withIds(ordered.slice(from, from + size));
  return pageOf(pool, ordered, { from, size }, isListed);
}

/** Looks at nothing behind the page. */
function pageOf<K extends Kind>(
  pool: Pool<K>,
  ids: readonly number[],
  { from, size }: { readonly from: number; readonly size: number },
  isListed: Condition<K>,
): Records[K][] {
  const page: Records[K][] = [];
  let listed = 0;
  for (const id of ids) {
    if (page.length >= size) break;
    const record = pool.get(id);
    if (record && isListed(record) && listed++ >= from) page.push(record);
  }
  return page;
}

/** API_LIST_ORDER of the user, else of his group, else of the configuration. */
function descending(call: Call): boolean {
  const { user } = call.caller;
  const group = call.cloud.pools.group.get(call.gid);
  const order = [user.template, group?.template]
    .map((template) => template?.get('API_LIST_ORDER') ?? template?.vector('OPENNEBULA')?.API_LIST_ORDER)
    .find((value) => value !== undefined);
  return (order ?? call.services.configuration.text('API_LIST_ORDER')).toUpperCase() === 'DESC';
}
