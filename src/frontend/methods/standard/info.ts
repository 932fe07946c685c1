/** Methods that show an object or a pool. */

import { KINDS, type Kind, type OwnedKind, type Records } from '../../objects/kinds.ts';
import { documentOf, poolDocument } from '../../resources/documents.ts';
import type { Call } from '../call.ts';
import { LISTING_PARAMS, listOwned, listUsable } from '../listing.ts';
import { boolean, defineMethod, int, type Method, optional } from '../method.ts';

/** Kinds whose documents come from their record and what stands beside it. */
export type DocumentedKind = Exclude<Kind, 'vm'>;

/** `one.<kind>.info`. With `decrypt`, administrators read what is kept encrypted. */
export function infoMethod<K extends DocumentedKind>(kind: K): Method {
  return defineMethod({
    name: `one.${KINDS[kind].prefix}.info`,
    params: { id: int, decrypt: optional(boolean, false) },
    help: `Shows a ${KINDS[kind].title}.`,
    run(call, { id, decrypt }) {
      const record = call.getAuthorized(kind, id, 'USE', { despiteLock: true });
      return documentOf(call.cloud, kind, call.readable(kind, record, decrypt));
    },
  });
}

type PlainPool = Exclude<DocumentedKind, 'user' | 'group' | 'acl'>;

/** `one.<kind>pool.info` of objects with owners: filter flag and range. */
export function ownedPoolMethod<K extends PlainPool & OwnedKind>(kind: K): Method {
  return defineMethod({
    name: `one.${KINDS[kind].prefix}pool.info`,
    params: LISTING_PARAMS,
    help: `Lists each ${KINDS[kind].title} that the caller may use.`,
    run: (call, range) => poolDocument(call.cloud, kind, listOwned(call, kind, range)),
  });
}

/** `one.<kind>pool.info` of objects that belong to the cloud: no parameters. */
export function sharedPoolMethod<K extends PlainPool>(kind: K): Method {
  return defineMethod({
    name: `one.${KINDS[kind].prefix}pool.info`,
    params: {},
    help: `Lists each ${KINDS[kind].title} that the caller may use.`,
    run: (call) => poolDocument(call.cloud, kind, listUsable(call, kind)),
  });
}

/** The object, or, for -1, the one that belongs to the caller. */
export function getOrOwn<K extends 'user' | 'group'>(call: Call, kind: K, id: number): Records[K] {
  const own = kind === 'user' ? call.uid : call.gid;
  return call.getAuthorized(kind, id === -1 ? own : id, 'USE', { despiteLock: true });
}
