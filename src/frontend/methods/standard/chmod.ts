/** `one.<kind>.chmod`. */
import { PERMISSION_BITS, type Permissions, type Right } from '../../../opennebula/permissions.ts';
import { KINDS, type OwnedKind } from '../../objects/kinds.ts';
import { internal, notAuthorized } from '../api-error.ts';
import type { Call } from '../call.ts';
import { defineMethod, int, type Method } from '../method.ts';

export const CHMOD_PARAMS = {
  id: int,
  ownerUse: int,
  ownerManage: int,
  ownerAdmin: int,
  groupUse: int,
  groupManage: int,
  groupAdmin: int,
  otherUse: int,
  otherManage: int,
  otherAdmin: int,
};

export function chmodMethod<K extends OwnedKind>(kind: K): Method {
  return defineMethod({
    name: `one.${KINDS[kind].prefix}.chmod`,
    params: CHMOD_PARAMS,
    help: `Changes permission bits of a ${KINDS[kind].title}; -1 keeps one.`,
    run(call, { id, ...bits }) {
      changeMode(call, kind, id, Object.values(bits));
      return id;
    },
  });
}

/**
 * @param bits nine of them, in the order of `PERMISSION_BITS`; -1 keeps one
 * @throws ApiError
 */
export function changeMode<K extends OwnedKind>(call: Call, kind: K, id: number, bits: readonly number[]): void {
  const record = call.get(kind, id);
  const { permissions } = record;
  const changed = PERMISSION_BITS.filter(([, bit], i) => {
    const wanted = bits[i] ?? -1;
    return wanted !== -1 && wanted !== (permissions & bit ? 1 : 0);
  }).map(([name]) => name);
  const allowsOther = call.services.configuration.flag('ENABLE_OTHER_PERMISSIONS') || call.isAdmin;
  if (!allowsOther && changed.some((name) => name.startsWith('OTHER'))) {
    throw notAuthorized("'other' permissions is disabled in oned.conf");
  }
  const right: Right = changed.some((name) => name.endsWith('_A')) ? 'ADMIN' : 'MANAGE';
  call.authorize(call.on(kind, record, right));
  if (bits.some((bit) => bit < -1 || bit > 1)) throw internal('New permission values must be -1, 0 or 1');
  call.cloud.transaction(() => {
    call.cloud.pools[kind].put({ ...record, permissions: applied(permissions, bits) });
  });
}

function applied(permissions: Permissions, bits: readonly number[]): Permissions {
  return PERMISSION_BITS.reduce((sum, [, bit], i) => {
    if (bits[i] === 1) return sum | bit;
    return bits[i] === 0 ? sum & ~bit : sum;
  }, permissions);
}
