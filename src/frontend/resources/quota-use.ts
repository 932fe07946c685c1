/**
 * Quotas of an owner and of his group: both must allow what is used. User 0 and group 0 have none
 * (src/rm/api/SharedAPI.cc quota_authorization, 7.4).
 */
import { ONEADMIN_GROUP_ID } from '../objects/group.ts';
import { addQuota, chargeQuota, QuotaExceeded, type Quotas, type QuotaUse, releaseQuota } from '../objects/quotas.ts';
import { ONEADMIN_ID } from '../objects/user.ts';
import type { Cloud } from '../store/cloud.ts';
import { defaultQuotas } from './default-quotas.ts';

/** Whom a use is counted for; -1 leaves one of both out. */
export interface Payer {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Counts uses. Within a transaction, which fails as a whole.
 * @throws QuotaExceeded with whose quota it is in front
 */
export function chargeQuotas(cloud: Cloud, payer: Payer, uses: readonly QuotaUse[]): void {
  changeQuotas(cloud, payer, uses, chargeQuota);
}

/** Whether uses could be counted. @throws QuotaExceeded as `chargeQuotas` would */
export function checkQuotas(cloud: Cloud, payer: Payer, uses: readonly QuotaUse[]): void {
  changedBooks(cloud, payer, uses, chargeQuota);
}

/** Counts uses that nothing may refuse, as when a VM starts to run again. Within a transaction. */
export function addQuotas(cloud: Cloud, payer: Payer, uses: readonly QuotaUse[]): void {
  changeQuotas(cloud, payer, uses, addQuota);
}

/** Takes uses back. Within a transaction. */
export function releaseQuotas(cloud: Cloud, payer: Payer, uses: readonly QuotaUse[]): void {
  changeQuotas(cloud, payer, uses, releaseQuota);
}

type QuotaChange = (quotas: Quotas, use: QuotaUse, defaults: Quotas) => Quotas;

function changeQuotas(cloud: Cloud, payer: Payer, uses: readonly QuotaUse[], change: QuotaChange): void {
  const { user, group } = changedBooks(cloud, payer, uses, change);
  if (user) cloud.pools.user.put(user);
  if (group) cloud.pools.group.put(group);
}

/** Owner and group as they would be with the change. */
function changedBooks(cloud: Cloud, { uid, gid }: Payer, uses: readonly QuotaUse[], change: QuotaChange) {
  const apply = (quotas: Quotas, defaults: Quotas, whose: string) => {
    try {
      return uses.reduce((sum, use) => change(sum, use, defaults), quotas);
    } catch (error) {
      if (error instanceof QuotaExceeded) throw new QuotaExceeded(`${whose} ${error.message}`, error.family);
      throw error;
    }
  };
  const user = uid === ONEADMIN_ID ? undefined : cloud.pools.user.get(uid);
  const group = gid === ONEADMIN_GROUP_ID ? undefined : cloud.pools.group.get(gid);
  return {
    user: user && { ...user, quotas: apply(user.quotas, defaultQuotas(cloud, 'user'), `user [${uid}]`) },
    group: group && { ...group, quotas: apply(group.quotas, defaultQuotas(cloud, 'group'), `group [${gid}]`) },
  };
}
