/** Networks that go, and what they hold of others. */
import { type AddressRange, rangeSize } from '../objects/address-range.ts';
import { ipamDriver, unregistering } from '../objects/ipam.ts';
import type { LeaseOwner } from '../objects/leased-range.ts';
import type { Vnet } from '../objects/vnet.ts';
import type { Cloud } from '../store/cloud.ts';
import { deleteRulesOn } from './acl-rules.ts';
import { findHeld, giveBack } from './leases.ts';
import { releaseQuotas } from './quota-use.ts';
import { removeFromVdcs } from './vdc-resources.ts';

/** Takes a network out of the cloud. Within a transaction. */
export function dropVnet(cloud: Cloud, vnet: Vnet): void {
  for (const range of vnet.ranges) {
    releaseReservation(cloud, vnet, range);
    if (ipamDriver(range.attributes) !== undefined) cloud.afterCommit(() => cloud.ipam.tell(unregistering(range)));
  }
  removeFromVdcs(cloud, 'vnets', vnet.id);
  cloud.pools.vnet.delete(vnet.id);
  deleteRulesOn(cloud, 'vnet', vnet.id);
}

/** Gives the addresses of a reserved range back to its parent, and its owner's quota. Within a transaction. */
export function releaseReservation(cloud: Cloud, vnet: Vnet, range: AddressRange): void {
  const parent = cloud.pools.vnet.get(vnet.parentId);
  if (!parent || range.attributes.PARENT_NETWORK_AR_ID === undefined) return;
  const owner: LeaseOwner = { kind: 'VNET', id: vnet.id };
  const place = findHeld(cloud, parent, owner, { mac: range.attributes.MAC });
  if (!place) return;
  const size = rangeSize(range);
  for (let index = place.index; index < place.index + size; index++) {
    giveBack(cloud, parent.id, place.range, index);
  }
  releaseQuotas(cloud, vnet, [{ family: 'NETWORK', id: String(parent.id), amounts: { LEASES: size } }]);
}
