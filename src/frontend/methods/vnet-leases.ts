/** Leases that nobody gets, and reservations (src/rm/api/VirtualNetworkAPI.cc, 7.4). */
import { parseTemplate, type Template, TemplateSyntaxError, type Vector } from '../../opennebula/template.ts';
import { type AddressRange, indexOfAddress, isShared, rangeSize, reservedRange } from '../objects/address-range.ts';
import { ipamDriver } from '../objects/ipam.ts';
import { freeRun, HELD, type LeasedRange } from '../objects/leased-range.ts';
import { QuotaExceeded } from '../objects/quotas.ts';
import { nextRangeId, type Vnet } from '../objects/vnet.ts';
import {
  chosenIndex,
  findHeld,
  findUnused,
  giveBack,
  isGranted,
  leasedRanges,
  type WantedAddress,
  withRange,
} from '../resources/leases.ts';
import { chargeQuotas } from '../resources/quota-use.ts';
import { ApiError, internal, notFound, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method, string } from './method.ts';
import { createVnet } from './vnet.ts';
import { getReadyVnet } from './vnet-state.ts';

const NOT_TO_HOLD = 'Address is not part of the address range or in use.';

export const vnetLeaseMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vn.hold',
    params: { id: int, template: string },
    help: 'Holds an address, so that nobody gets it.',
    run(call, { id, template }) {
      const vnet = getReadyVnet(call, id, 'MANAGE', 'one.vn.hold');
      const { address, rangeId } = readLease(call, template);
      // In each range that has it and did not lease it.
      const { ranges } = inRange(vnet, rangeId);
      const places = ranges.flatMap((range) => findUnused(call.cloud, { ...vnet, ranges: [range] }, address) ?? []);
      if (places.length === 0) throw internal(NOT_TO_HOLD);
      call.cloud.transaction(() => {
        for (const { range, index } of places) {
          if (!isGranted(call.cloud, range, index, 1)) throw internal(NOT_TO_HOLD);
          call.cloud.leases.take(id, range.id, index, HELD);
        }
      });
      return id;
    },
  }),
  defineMethod({
    name: 'one.vn.release',
    params: { id: int, template: string },
    help: 'Lets go of an address that is held.',
    run(call, { id, template }) {
      const vnet = getReadyVnet(call, id, 'MANAGE', 'one.vn.release');
      const { address, rangeId } = readLease(call, template);
      const { ranges } = inRange(vnet, rangeId);
      const places = ranges.flatMap((range) => findHeld(call.cloud, { ...vnet, ranges: [range] }, HELD, address) ?? []);
      call.cloud.transaction(() => {
        for (const { range, index } of places) giveBack(call.cloud, id, range, index);
      });
      return id;
    },
  }),
  defineMethod({
    name: 'one.vn.reserve',
    params: { id: int, template: string },
    help: 'Takes addresses of a network for a network of the caller’s own, a new one or NETWORK_ID.',
    run(call, { id, template }) {
      const wish = readReservation(call, id, template);
      const vnet = call.cloud.pools.vnet.get(id);
      // oned does not say which network it missed.
      if (!vnet) throw notFound('vnet', -1);
      if (vnet.parentId >= 0) throw notPossible('Cannot reserve addresses from a reserved VNET');
      call.authorize(call.on('vnet', vnet, 'USE'), ...(wish.target ? [call.on('vnet', wish.target, 'MANAGE')] : []));
      try {
        return call.cloud.transaction(() => reserve(call, vnet, wish));
      } catch (error) {
        // oned takes the network out again: its id is spent.
        if (error instanceof NotReserved && !wish.target) call.cloud.transaction(() => call.cloud.pools.vnet.nextId());
        throw error;
      }
    },
  }),
];

function readLease(call: Call, source: string): { address: WantedAddress; rangeId: number | undefined } {
  const lease = call.parseTemplate(source).vector('LEASES');
  if (!lease) throw internal('Empty lease description.');
  const { IP: ip, IP6: ip6, MAC: mac, AR_ID } = lease;
  const given = [ip, ip6, mac].filter((address) => address);
  if (given.length === 0) throw internal('Missing MAC, IP or IP6.');
  if (given.length > 1) throw internal('Only one attribute MAC, IP or IP6 can be set.');
  return { address: onlyGiven(lease), rangeId: /^\s*-?\d+$/.test(AR_ID ?? '') ? Number(AR_ID) : undefined };
}

function onlyGiven({ IP, IP6, MAC }: Vector): WantedAddress {
  return { ip: IP || undefined, ip6: IP6 || undefined, mac: MAC || undefined };
}

/** The network as if it had only that range. */
function inRange(vnet: Vnet, rangeId: number | undefined): Vnet {
  return rangeId === undefined ? vnet : { ...vnet, ranges: vnet.ranges.filter(({ id }) => id === rangeId) };
}

/** Refused when the network for it is made already. */
class NotReserved extends ApiError {}

interface Reservation {
  readonly size: number;
  readonly name: string;
  /** The network that the addresses are added to; a new one when missing. */
  readonly target: Vnet | undefined;
  readonly rangeId: number | undefined;
  readonly first: WantedAddress;
}

function parseReservation(source: string): Template {
  try {
    return parseTemplate(source);
  } catch (error) {
    throw error instanceof TemplateSyntaxError ? notPossible(error.message) : error;
  }
}

function readReservation(call: Call, parentId: number, source: string): Reservation {
  const template = parseReservation(source);
  const size = Number(template.get('SIZE'));
  if (!Number.isInteger(size) || size <= 0) throw notPossible('Reservation SIZE must be a greater than 0');
  const target = readTarget(call, parentId, template);
  const name = template.get('NAME') ?? '';
  if (name === '' && !target) throw notPossible('NAME for reservation has to be set');
  const rangeId = template.get('AR_ID') === undefined ? undefined : Number(template.get('AR_ID'));
  if (rangeId !== undefined && !(rangeId >= 0)) throw notPossible('AR_ID must be equal or greater than 0');
  const { IP = '', IP6 = '', MAC = '' } = Object.fromEntries(template.attributes) as Vector;
  if (rangeId === undefined && (IP !== '' || IP6 !== '' || MAC !== '')) {
    throw notPossible('AR_ID must be specified for IP/MAC based reservations');
  }
  return { size, name, target, rangeId, first: onlyGiven({ IP, IP6, MAC }) };
}

function readTarget(call: Call, parentId: number, template: Template): Vnet | undefined {
  const text = template.get('NETWORK_ID');
  if (text === undefined) return undefined;
  const id = Number(text);
  if (!(id >= 0)) throw notPossible('NETWORK_ID must be equal or greater than 0');
  if (id === parentId) throw notPossible('Cannot add a reservation from the same network');
  const target = call.get('vnet', id);
  if (target.parentId < 0) throw notPossible('Cannot add reservations to a non-reservation VNET');
  if (target.parentId !== parentId) {
    throw notPossible(`New reservations for virtual network ${id} have to be from network ${target.parentId}`);
  }
  return target;
}

function reserve(call: Call, parent: Vnet, wish: Reservation): number {
  const { cloud } = call;
  const targetId = wish.target?.id ?? createReservation(call, parent, wish.name);
  const target = call.get('vnet', targetId);
  const use = { family: 'NETWORK', id: String(parent.id), amounts: { LEASES: wish.size } } as const;
  try {
    chargeQuotas(cloud, target, [use]);
  } catch (error) {
    throw error instanceof QuotaExceeded ? new NotReserved('AUTHORIZATION', error.message) : error;
  }
  const { range, index } = findRun(call, parent, wish);
  for (let i = index; i < index + wish.size; i++)
    cloud.leases.take(parent.id, range.id, i, { kind: 'VNET', id: targetId });
  const moved = hasFirst(wish) ? range : { ...range, nextIndex: (index + wish.size) % Number(range.attributes.SIZE) };
  cloud.pools.vnet.put(withRange(parent, moved));
  const added = reservedRange(nextRangeId(target), range, index, wish.size);
  cloud.pools.vnet.put({ ...target, ranges: [...target.ranges, added] });
  return targetId;
}

function createReservation(call: Call, parent: Vnet, name: string): number {
  const template = parent.template.clone().delete('ERROR').set('NAME', name);
  return createVnet(call, template, { clusterIds: parent.clusterIds, parentId: parent.id });
}

function findRun(
  call: Call,
  parent: Vnet,
  { size, rangeId, first, ...wish }: Reservation,
): { range: AddressRange; index: number } {
  const ranges = leasedRanges(call.cloud, inRange(parent, rangeId));
  for (const leased of ranges) {
    const index = startOf(call, leased, { size, first, ...wish });
    if (index !== undefined) return { range: leased.range, index };
  }
  throw new NotReserved(
    'ACTION',
    rangeId === undefined
      ? 'Not enough free addresses in an address range'
      : `Not enough free addresses in address range ${rangeId}, or it does not exist`,
  );
}

/** Where the wanted addresses begin in a range; undefined when it has them not. */
function startOf(call: Call, leased: LeasedRange, wish: Omit<Reservation, 'rangeId'>): number | undefined {
  const { range, leases } = leased;
  if (!hasFirst(wish)) {
    return ipamDriver(range.attributes) ? chosenIndex(call.cloud, leased, wish.size) : freeRun(leased, wish.size);
  }
  const index = startAt(range, leases, wish.first, wish.size);
  return index !== undefined && isGranted(call.cloud, range, index, wish.size) ? index : undefined;
}

function startAt(
  range: AddressRange,
  leases: ReadonlyMap<number, unknown>,
  first: WantedAddress,
  size: number,
): number | undefined {
  const index = isShared(range) ? undefined : indexOfAddress(range, first);
  if (index === undefined || index + size > rangeSize(range)) return undefined;
  for (let i = index; i < index + size; i++) if (leases.has(i)) return undefined;
  return index;
}

function hasFirst({ first }: { readonly first: WantedAddress }): boolean {
  return Object.values(first).some((address) => address !== undefined);
}
