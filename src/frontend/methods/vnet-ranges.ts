/** Address ranges of networks (src/rm/api/VirtualNetworkAPI.cc, src/vnm/AddressRangePool.cc, 7.4). */
import type { Right } from '../../opennebula/permissions.ts';
import { Template, type Vector } from '../../opennebula/template.ts';
import { type AddressRange, addressNumber, findRange } from '../objects/address-range.ts';
import { IpamRefused, ipamDriver, unregistering } from '../objects/ipam.ts';
import { updateRange } from '../objects/range-template.ts';
import { restrictedIn } from '../objects/restricted.ts';
import type { Vnet } from '../objects/vnet.ts';
import { withRange } from '../resources/leases.ts';
import { withRangeAdded } from '../resources/new-ranges.ts';
import { releaseReservation } from '../resources/vnet-removal.ts';
import { rangeChange } from '../vm/network-change.ts';
import { internal, notAuthorized, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { boolean, defineMethod, int, type Method, optional, string } from './method.ts';
import { checkVlans } from './vlan-access.ts';
import { getReadyVnet, isUsable } from './vnet-state.ts';

export const vnetRangeMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vn.add_ar',
    params: { id: int, template: string },
    help: 'Adds an address range to a network.',
    run(call, { id, template }) {
      const vnet = getReadyVnet(call, id, rightToRanges(call, id), 'one.vn.add_ar');
      const [given] = readRanges(call, template);
      checkRestricted(call, given);
      checkVlans(call, call.parseTemplate(template), vnet.templateId);
      call.cloud.transaction(() => call.cloud.pools.vnet.put(withRangeAdded(call.services, vnet, given)));
      return id;
    },
  }),
  defineMethod({
    name: 'one.vn.rm_ar',
    params: { id: int, range: int, force: optional(boolean, false) },
    help: 'Removes an address range; by force also one with leases in use.',
    run: (call, { id, range, force }) => removeRange(call, id, range, rightToRanges(call, id), force),
  }),
  defineMethod({
    name: 'one.vn.free_ar',
    params: { id: int, range: int },
    help: 'Gives a reserved address range back to the network it came from.',
    run: (call, { id, range }) => removeRange(call, id, range, 'MANAGE', false),
  }),
  defineMethod({
    name: 'one.vn.update_ar',
    params: { id: int, template: string },
    help: 'Changes attributes of an address range, which the template names by AR_ID.',
    run(call, { id, template }) {
      const vnet = getReadyVnet(call, id, 'MANAGE', 'one.vn.update_ar');
      const [given] = readRanges(call, template);
      checkRestricted(call, given);
      checkVlans(call, call.parseTemplate(template), vnet.templateId);
      if (!/^\d/.test(given.AR_ID ?? '')) throw internal('AR/AR_ID attribute is missing.');
      const range = findRange(vnet.ranges, Number.parseInt(given.AR_ID ?? '', 10));
      if (!range) throw internal(`Address Range with ID ${given.AR_ID} was not found.`);
      const highest = Math.max(-1, ...[...call.cloud.leases.of(id, range.id).keys()].map(addressNumber));
      const updated = updateRange(range, given, highest);
      const inherited = call.services.configuration.list('INHERIT_VNET_ATTR');
      const change = rangeChange(range.attributes, updated.attributes, inherited);
      call.cloud.transaction(() => {
        const { template } = vnet;
        const told = change ? { ...vnet, template: template.clone().set('VNET_UPDATE', change) } : vnet;
        call.cloud.pools.vnet.put(withRange(told, updated));
        if (change) call.services.networkUpdates.commit(id, leasingVms(call, vnet, range));
      });
      return id;
    },
  }),
];

function leasingVms({ cloud }: Call, vnet: Vnet, range: AddressRange): Set<number> {
  const owners = [...cloud.leases.of(vnet.id, range.id).values()];
  return new Set(owners.flatMap(({ kind, id }) => (kind === 'VM' && id >= 0 ? [id] : [])));
}

/** Ranges of a network of one's own template are one's own. */
function rightToRanges(call: Call, id: number): Right {
  return call.get('vnet', id).templateId === undefined ? 'ADMIN' : 'MANAGE';
}

function removeRange(call: Call, id: number, rangeId: number, right: Right, force: boolean): number {
  const vnet = call.getAuthorized('vnet', id, right);
  if (!isUsable(vnet)) {
    throw notPossible(`Could not remove Adress Range, Virtual Network is in wrong state: ${vnet.state}`);
  }
  const range = findRange(vnet.ranges, rangeId);
  if (!range) throw internal('Address Range does not exist');
  const used = call.cloud.leases.of(id, rangeId);
  if (used.size > 0 && !force) throw internal('Address Range has leases in use');
  if (ipamDriver(range.attributes) !== undefined) unregister(call, range, force);
  call.cloud.transaction(() => {
    for (const index of [...used.keys()]) call.cloud.leases.release(id, rangeId, index);
    releaseReservation(call.cloud, vnet, range);
    call.cloud.pools.vnet.put({ ...vnet, ranges: vnet.ranges.filter((other) => other !== range) });
  });
  return id;
}

/** @throws ApiError INTERNAL when its driver keeps the range, unless by force */
function unregister({ cloud }: Call, range: AddressRange, force: boolean): void {
  try {
    cloud.ipam.ask(unregistering(range));
  } catch (error) {
    if (!(error instanceof IpamRefused)) throw error;
    if (!force) throw internal(error.message);
  }
}

function readRanges(call: Call, source: string): [Vector, ...Vector[]] {
  const [first, ...rest] = call.parseTemplate(source).vectors('AR');
  if (!first) throw internal('Wrong AR definition. AR vector attribute is missing.');
  return [first, ...rest];
}

function checkRestricted(call: Call, range: Vector): void {
  if (call.isAdmin) return;
  const rules = call.services.configuration.list('VNET_RESTRICTED_ATTR').filter((rule) => rule.startsWith('AR/'));
  const restricted = restrictedIn(new Template([['AR', range]]), rules);
  if (restricted !== undefined) throw notAuthorized(`AR includes a restricted attribute ${restricted}`);
}
