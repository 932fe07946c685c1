/** Address ranges of networks (src/rm/api/VirtualNetworkAPI.cc, src/vnm/AddressRangePool.cc, 7.4). */
import { randomInt } from 'node:crypto';
import type { Right } from '../../opennebula/permissions.ts';
import type { Vector } from '../../opennebula/template.ts';
import { Template } from '../../opennebula/template.ts';
import {
  type AddressRange,
  createRange,
  findRange,
  InvalidRange,
  type LeaseOwner,
  rangeSize,
  updateRange,
} from '../objects/address-range.ts';
import { restrictedIn } from '../objects/restricted.ts';
import type { Vnet } from '../objects/vnet.ts';
import { findHeld, withRange } from '../resources/leases.ts';
import { releaseQuotas } from '../resources/quota-use.ts';
import type { Cloud } from '../store/cloud.ts';
import { rangeChange } from '../vm/network-change.ts';
import { internal, notAuthorized, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { boolean, defineMethod, int, type Method, optional, string } from './method.ts';
import { failedVnet, getReadyVnet } from './vnet-state.ts';

export const vnetRangeMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vn.add_ar',
    params: { id: int, template: string },
    help: 'Adds an address range to a network.',
    run(call, { id, template }) {
      const vnet = getReadyVnet(call, id, rightToRanges(call, id), 'one.vn.add_ar');
      const [given] = readRanges(call, template);
      checkRestricted(call, given);
      call.cloud.transaction(() => call.cloud.pools.vnet.put(withRangeAdded(call, vnet, given)));
      return id;
    },
  }),
  removalMethod('one.vn.rm_ar', rightToRanges, 'Removes an address range; by force also one with leases in use.'),
  removalMethod('one.vn.free_ar', () => 'MANAGE', 'Gives a reserved address range back to the network it came from.'),
  defineMethod({
    name: 'one.vn.update_ar',
    params: { id: int, template: string },
    help: 'Changes attributes of an address range, which the template names by AR_ID.',
    run(call, { id, template }) {
      const vnet = getReadyVnet(call, id, 'MANAGE', 'one.vn.update_ar');
      const [given] = readRanges(call, template);
      checkRestricted(call, given);
      if (!/^\d/.test(given.AR_ID ?? '')) throw internal('AR/AR_ID attribute is missing.');
      const range = findRange(vnet.ranges, Number.parseInt(given.AR_ID ?? '', 10));
      if (!range) throw internal(`Address Range with ID ${given.AR_ID} was not found.`);
      const highest = Math.max(-1, ...call.cloud.leases.of(id, range.id).keys());
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
  return call.cloud.pools.vnet.get(id)?.templateId === undefined ? 'ADMIN' : 'MANAGE';
}

function removalMethod(name: string, rightTo: (call: Call, id: number) => Right, help: string): Method {
  return defineMethod({
    name,
    params: { id: int, range: int, force: optional(boolean, false) },
    help,
    run(call, { id, range: rangeId, force }) {
      const vnet = call.getAuthorized('vnet', id, rightTo(call, id));
      if (vnet.state !== 'READY') {
        throw notPossible(`Could not remove Adress Range, Virtual Network is in wrong state: ${vnet.state}`);
      }
      const range = findRange(vnet.ranges, rangeId);
      if (!range) throw internal('Address Range does not exist');
      const used = call.cloud.leases.of(id, rangeId);
      if (used.size > 0 && !(force && rightTo === rightToRanges)) throw internal('Address Range has leases in use');
      call.cloud.transaction(() => {
        for (const index of [...used.keys()]) call.cloud.leases.release(id, rangeId, index);
        releaseReservation(call.cloud, vnet, range);
        call.cloud.pools.vnet.put({ ...vnet, ranges: vnet.ranges.filter((other) => other !== range) });
      });
      return id;
    },
  });
}

/** The network with the ranges of its template; one that is not acceptable is left out, and ERROR says why. */
export function withNewRanges(call: Call, vnet: Vnet, given: readonly Vector[]): Vnet {
  let result = vnet;
  for (const range of given) {
    try {
      result = withRangeAdded(call, result, range);
    } catch (error) {
      if (!(error instanceof InvalidRange)) throw error;
      result = failedVnet(call, result, error.message);
    }
  }
  return result;
}

function withRangeAdded(call: Call, vnet: Vnet, given: Vector): Vnet {
  const defaults = {
    macPrefix: call.services.configuration.text('MAC_PREFIX'),
    random: () => randomInt(2 ** 32),
  };
  const range = createRange(vnet.nextRangeId, given, defaults);
  return { ...vnet, ranges: [...vnet.ranges, range], nextRangeId: vnet.nextRangeId + 1 };
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

/** Gives the addresses of a reserved range back to its parent, and its owner's quota. Within a transaction. */
export function releaseReservation(cloud: Cloud, vnet: Vnet, range: AddressRange): void {
  const parent = cloud.pools.vnet.get(vnet.parentId);
  if (!parent || range.attributes.PARENT_NETWORK_AR_ID === undefined) return;
  const owner: LeaseOwner = { kind: 'VNET', id: vnet.id };
  const place = findHeld(cloud, parent, owner, { mac: range.attributes.MAC });
  if (!place) return;
  const size = rangeSize(range);
  for (let index = place.index; index < place.index + size; index++) {
    cloud.leases.release(parent.id, place.range.id, index);
  }
  releaseQuotas(cloud, vnet, [{ family: 'NETWORK', id: String(parent.id), amounts: { LEASES: size } }]);
}
