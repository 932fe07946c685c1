/**
 * Brings the books of the cloud in line with a VM that changed: what its old record claimed and its new one does not is
 * given back, what it claims beyond that is taken (`lifecycle/claims.ts`). Images and addresses are taken before, where
 * that may fail, so here they only go back.
 */
import {
  type HostClaim,
  hostClaims,
  imageClaims,
  isAlive,
  leaseClaims,
  quotaClaims,
  securityGroupClaims,
} from '../lifecycle/claims.ts';
import { ONEADMIN_GROUP_ID } from '../objects/group.ts';
import { statesOf } from '../objects/phase.ts';
import type { QuotaUse } from '../objects/quotas.ts';
import { ONEADMIN_ID } from '../objects/user.ts';
import type { Vm } from '../objects/vm.ts';
import { bookHost, releaseHost, resizeOnHost } from '../resources/host-capacity.ts';
import { unuseImage } from '../resources/image-use.ts';
import { releaseLease } from '../resources/leases.ts';
import { addQuotas, chargeQuotas, checkQuotas, releaseQuotas } from '../resources/quota-use.ts';
import type { Cloud } from '../store/cloud.ts';
import { routerOf } from '../vm/router-nic.ts';
import { type FollowedKind, follows, setReach, unfollow } from './followers.ts';

export interface SettleOptions {
  /** Epoch seconds. */
  readonly now: number;
  /** Quotas may refuse; what drivers and monitoring report nothing refuses. */
  readonly enforceQuotas: boolean;
}

/** Within a transaction. @param before missing for a new VM @throws QuotaExceeded */
export function settle(cloud: Cloud, before: Vm | undefined, after: Vm, options: SettleOptions): void {
  settleQuotas(cloud, before, after, options);
  settleHosts(cloud, before, after);
  if (!before || before.template !== after.template || isAlive(before) !== isAlive(after)) {
    settleImages(cloud, before, after, options);
    settleNetworks(cloud, before, after);
    settleRouter(cloud, after);
    settleFollowers(cloud, 'secgroup', before && securityGroupClaims(before), securityGroupClaims(after), after.id);
  }
}

/**
 * Whether quotas allow a VM to grow, asked before its state is, as oned does for a new size: also of a VM that is gone.
 * @throws QuotaExceeded
 */
export function checkGrowth(cloud: Cloud, before: Vm, after: Vm): void {
  if (after.uid === ONEADMIN_ID && after.gid === ONEADMIN_GROUP_ID) return;
  const claims = (vm: Vm) => quotaClaims(isAlive(vm) ? vm : { ...vm, phase: 'POWEROFF' });
  checkQuotas(cloud, after, difference(claims(before), claims(after)).more);
}

function settleHosts(cloud: Cloud, before: Vm | undefined, after: Vm): void {
  const had = new Map((before ? hostClaims(before) : []).map((claim) => [claim.hostId, claim]));
  const has = new Map(hostClaims(after).map((claim) => [claim.hostId, claim]));
  for (const [hostId, claim] of had) if (!has.has(hostId)) releaseHost(cloud, hostId, after.id, capacityOf(claim));
  for (const [hostId, claim] of has) {
    const known = had.get(hostId);
    if (!known) bookHost(cloud, hostId, after.id, capacityOf(claim));
    else if (known.cpu !== claim.cpu || known.memoryKb !== claim.memoryKb) {
      resizeOnHost(cloud, hostId, capacityOf(known), capacityOf(claim));
    }
  }
}

/** Hosts book no disk for VMs (HostShareCapacity, 7.4). */
function capacityOf({ cpu, memoryKb }: HostClaim) {
  return { cpu, memoryKb, diskMb: 0 };
}

function settleQuotas(cloud: Cloud, before: Vm | undefined, after: Vm, { enforceQuotas }: SettleOptions): void {
  if (after.uid === ONEADMIN_ID && after.gid === ONEADMIN_GROUP_ID) return;
  const had = before ? quotaClaims(before) : [];
  const has = quotaClaims(after);
  const { more, less } = difference(had, has);
  releaseQuotas(cloud, after, less);
  (enforceQuotas ? chargeQuotas : addQuotas)(cloud, after, more);
}

/** What is used beyond before, and what no longer, line by line. */
function difference(had: readonly QuotaUse[], has: readonly QuotaUse[]): { more: QuotaUse[]; less: QuotaUse[] } {
  const sums = new Map<string, { use: QuotaUse; amounts: Record<string, number> }>();
  const count = (uses: readonly QuotaUse[], sign: 1 | -1) => {
    for (const use of uses) {
      const key = `${use.family} ${use.id} ${use.clusterId ?? ''}`;
      const sum = sums.get(key) ?? { use, amounts: {} };
      for (const [meter, amount] of Object.entries(use.amounts)) {
        sum.amounts[meter] = (sum.amounts[meter] ?? 0) + sign * amount;
      }
      sums.set(key, sum);
    }
  };
  count(had, -1);
  count(has, 1);
  const part = (sign: 1 | -1): QuotaUse[] =>
    [...sums.values()].flatMap(({ use, amounts }) => {
      const wanted = Object.entries(amounts).filter(([, amount]) => amount * sign > 0);
      if (wanted.length === 0) return [];
      return [{ ...use, amounts: Object.fromEntries(wanted.map(([meter, amount]) => [meter, Math.abs(amount)])) }];
    });
  return { more: part(1), less: part(-1) };
}

function settleImages(cloud: Cloud, before: Vm | undefined, after: Vm, { now }: SettleOptions): void {
  if (!before) return;
  const has = imageClaims(after);
  for (const id of imageClaims(before)) {
    if (!has.has(id)) unuseImage(cloud, id, after.id, { failed: isTornAway(before, after), now });
  }
}

/** A VM that was on its way when it was deleted did not write its persistent images back. */
function isTornAway(before: Vm, after: Vm): boolean {
  return !isAlive(after) && statesOf(before.phase).state === 'ACTIVE' && before.phase !== 'EPILOG';
}

function settleNetworks(cloud: Cloud, before: Vm | undefined, after: Vm): void {
  const had = before ? leaseClaims(before) : [];
  const has = leaseClaims(after);
  const kept = new Set(has.map(({ networkId, mac }) => `${networkId} ${mac}`));
  const left = new Set<number>();
  for (const { networkId, mac, address } of had) {
    if (kept.has(`${networkId} ${mac}`)) continue;
    releaseLease(cloud, networkId, { kind: 'VM', id: after.id }, address);
    left.add(networkId);
  }
  const ids = (claims: typeof has) => new Set(claims.map(({ networkId }) => networkId));
  // As in OpenNebula, a VM that gives back one of its addresses follows the network no longer, whatever others it has,
  // until it takes another one.
  settleFollowers(cloud, 'vnet', before && ids(had), ids(has).difference(left), after.id);
  const known = new Set(had.map(({ networkId, mac }) => `${networkId} ${mac}`));
  const taken = has.filter(({ networkId, mac }) => !known.has(`${networkId} ${mac}`));
  for (const id of ids(taken)) {
    if (!follows(cloud, 'vnet', id, after.id)) setReach(cloud, 'vnet', id, after.id, 'updated');
  }
}

/** A virtual router lists its VMs while they live. */
function settleRouter(cloud: Cloud, vm: Vm): void {
  const routerId = isAlive(vm) ? undefined : routerOf(vm);
  if (routerId !== undefined) cloud.links.remove('vrouter.vms', routerId, vm.id);
}

/** Networks and security groups list the VMs that their changes have reached. */
function settleFollowers(
  cloud: Cloud,
  kind: FollowedKind,
  had: ReadonlySet<number> | undefined,
  has: ReadonlySet<number>,
  vmId: number,
): void {
  for (const id of had ?? []) if (!has.has(id)) unfollow(cloud, kind, id, vmId);
  for (const id of has) if (!had?.has(id)) setReach(cloud, kind, id, vmId, 'updated');
}
