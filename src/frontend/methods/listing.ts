/**
 * Which objects of a pool a caller gets: those that he may use, narrowed by filter flag and range, in list order
 * (src/pool/PoolSQL.cc, src/rm/api/PoolSharedAPI.cc, 7.4).
 */
import type { Kind, Records } from '../objects/kinds.ts';
import type { OwnedRecord } from '../objects/record.ts';
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

/** @throws ApiError RPC_API for a filter flag that there is not */
export function listOwned<K extends Kind>(
  call: Call,
  kind: K,
  { filter, start, end }: Range & { readonly filter: number },
  also: (record: Records[K]) => boolean = () => true,
): Records[K][] {
  if (filter < FILTER.GROUP) throw wrongParameter('Incorrect filter_flag');
  const usable = call.usable(kind);
  const belongs = ownerFilter(call, filter);
  const mine = (record: Records[K]) => ownerOf(record).uid === call.uid && filter <= FILTER.MINE_GROUP;
  return inRange(
    call,
    kind,
    { start, end },
    (record) => also(record) && belongs(ownerOf(record)) && (mine(record) || usable(record)),
  );
}

/** Pools that know neither filter nor range. */
export function listUsable<K extends Kind>(call: Call, kind: K): Records[K][] {
  return inRange(call, kind, { start: -1, end: -1 }, call.usable(kind));
}

function ownerOf(record: Records[Kind]): Pick<OwnedRecord, 'uid' | 'gid'> {
  return record as OwnedRecord;
}

function ownerFilter(call: Call, filter: number): (owner: Pick<OwnedRecord, 'uid' | 'gid'>) => boolean {
  const { uid, gid, caller } = call;
  if (filter === FILTER.ALL) return () => true;
  if (filter === FILTER.MINE) return (owner) => owner.uid === uid;
  if (filter === FILTER.GROUP) return (owner) => owner.gid === gid;
  if (filter === FILTER.MINE_GROUP) return (owner) => owner.uid === uid || caller.groupIds.includes(owner.gid);
  return (owner) => owner.uid === filter;
}

function inRange<K extends Kind>(
  call: Call,
  kind: K,
  { start, end }: Range,
  wanted: (record: Records[K]) => boolean,
): Records[K][] {
  const paged = end < -1;
  const from = paged ? 0 : start;
  const to = paged || end === -1 || start === -1 ? Number.POSITIVE_INFINITY : end;
  const records: Records[K][] = [];
  for (const record of call.cloud.pools[kind].all() as Iterable<Records[K]>) {
    if (record.id >= from && record.id <= to && wanted(record)) records.push(record);
  }
  if (descending(call)) records.reverse();
  if (!paged) return records;
  const offset = Math.max(0, start);
  return records.slice(offset, offset - end);
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
