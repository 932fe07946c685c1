/** `one.<kind>.chown`. What the object uses of quotas moves with it. */
import type { Group } from '../../objects/group.ts';
import { KINDS, type OwnedKind, type Records } from '../../objects/kinds.ts';
import { QuotaExceeded, type QuotaUse } from '../../objects/quotas.ts';
import type { OwnedRecord } from '../../objects/record.ts';
import type { User } from '../../objects/user.ts';
import { chargeQuotas, releaseQuotas } from '../../resources/quota-use.ts';
import { internal, notAuthorized } from '../api-error.ts';
import type { Call } from '../call.ts';
import { defineMethod, int, type Method } from '../method.ts';

export interface ChownOptions<K extends OwnedKind> {
  /** What the object uses. @throws ApiError when its state does not allow a change of owner */
  readonly uses?: (call: Call, record: Records[K]) => readonly QuotaUse[];
  /** What else goes to the new owner. Within the transaction of the change. */
  readonly alongWith?: (call: Call, record: Records[K], next: NewOwner) => void;
}

/** Each missing when it stays. */
export interface NewOwner {
  readonly user?: User | undefined;
  readonly group?: Group | undefined;
}

export function chownMethod<K extends OwnedKind>(kind: K, options: ChownOptions<K> = {}): Method {
  return defineMethod({
    name: `one.${KINDS[kind].prefix}.chown`,
    params: { id: int, uid: int, gid: int },
    help: `Gives a ${KINDS[kind].title} to another user and group; -1 keeps one.`,
    run(call, { id, uid, gid }) {
      changeOwner(call, kind, id, { uid, gid }, options);
      return id;
    },
  });
}

function changeOwner<K extends OwnedKind>(
  call: Call,
  kind: K,
  id: number,
  wanted: { readonly uid: number; readonly gid: number },
  { uses = () => [], alongWith }: ChownOptions<K>,
): void {
  const newUser = wanted.uid > -1 ? call.get('user', wanted.uid) : undefined;
  const newGroup = wanted.gid > -1 ? call.get('group', wanted.gid) : undefined;
  const record = call.get(kind, id);
  const user = newUser?.id === record.uid ? undefined : newUser;
  const group = newGroup?.id === record.gid ? undefined : newGroup;
  call.authorize(
    call.on(kind, record, 'MANAGE'),
    ...(user ? [call.on('user', user, 'MANAGE')] : []),
    ...(group ? [call.on('group', group, 'USE')] : []),
  );
  const other =
    user && KINDS[kind].namesUnique === 'owner' ? call.cloud.pools[kind].byName(record.name, user.id) : undefined;
  if (user && other) {
    throw internal(`user [${user.id}] already owns ${KINDS[kind].title} [${other.id}] with NAME ${record.name}`);
  }
  const used = uses(call, record);
  call.cloud.transaction(() => {
    giveTo(call, kind, record, { user, group }, used);
    alongWith?.(call, record, { user, group });
  });
}

/** Gives an object to another owner, with what it uses. Within a transaction. @throws ApiError for quotas */
export function giveTo<K extends OwnedKind>(
  call: Call,
  kind: K,
  record: Records[K],
  { user, group }: NewOwner,
  uses: readonly QuotaUse[],
): void {
  moveQuotas(call, record, { uid: user?.id ?? -1, gid: group?.id ?? -1 }, uses);
  call.cloud.pools[kind].put({
    ...record,
    ...(user ? { uid: user.id, uname: user.name } : {}),
    ...(group ? { gid: group.id, gname: group.name } : {}),
  });
}

/** @param next -1 for who stays as he is */
function moveQuotas(
  call: Call,
  record: OwnedRecord,
  next: { readonly uid: number; readonly gid: number },
  uses: readonly QuotaUse[],
): void {
  try {
    chargeQuotas(call.cloud, next, uses);
  } catch (error) {
    throw error instanceof QuotaExceeded ? notAuthorized(error.message) : error;
  }
  const before = { uid: next.uid === -1 ? -1 : record.uid, gid: next.gid === -1 ? -1 : record.gid };
  releaseQuotas(call.cloud, before, uses);
}
