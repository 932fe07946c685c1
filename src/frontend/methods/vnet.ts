/** `one.vn.*` and `one.vnpool.*` (src/rm/api/VirtualNetworkAPI.cc, 7.4); ranges, leases and reservations have their own files. */
import type { Template, Vector } from '../../opennebula/template.ts';
import { DEFAULT_CLUSTER_ID } from '../objects/cluster.ts';
import { type LeasedRange, type LeaseOwner, usedAddresses } from '../objects/leased-range.ts';
import type { QuotaUse } from '../objects/quotas.ts';
import { restrictedIn } from '../objects/restricted.ts';
import { type Vnet, vnetXml } from '../objects/vnet.ts';
import { decideForVnet, decideForVnetUpdate } from '../objects/vnet-template.ts';
import { vnetFollowers } from '../resources/documents.ts';
import { leasedRanges } from '../resources/leases.ts';
import { withNewRanges } from '../resources/new-ranges.ts';
import { vlanSource } from '../resources/vlans.ts';
import { networkChange } from '../vm/network-change.ts';
import { internal, notAuthorized } from './api-error.ts';
import type { Call } from './call.ts';
import { boolean, defineMethod, int, type Method, optional, string } from './method.ts';
import { makeOrSpendFirstId, namingObstacle, ownedByCaller } from './standard/allocate.ts';
import { chmodMethod } from './standard/chmod.ts';
import { chownMethod } from './standard/chown.ts';
import { ownedPoolMethod } from './standard/info.ts';
import { lockMethods } from './standard/lock.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';
import { checkVlans } from './vlan-access.ts';
import { deleteVnetMethod, recoverVnetMethod } from './vnet-state.ts';

export const vnetMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vn.allocate',
    params: { template: string, cluster: int },
    help: 'Makes a network in a cluster, with the address ranges that its template names.',
    run(call, { template: source, cluster }) {
      const template = call.parseTemplate(source);
      const target = call.get('cluster', cluster === -1 ? DEFAULT_CLUSTER_ID : cluster);
      call.authorize(call.creation('vnet'), call.on('cluster', target, 'ADMIN'));
      const restricted = call.isAdmin
        ? undefined
        : restrictedIn(template, call.services.configuration.list('VNET_RESTRICTED_ATTR'));
      if (restricted !== undefined) {
        throw notAuthorized(`VNET Template includes a restricted attribute ${restricted}`);
      }
      checkVlans(call, template);
      return createVnet(call, template, { clusterIds: [target.id], parentId: -1 });
    },
  }),
  defineMethod({
    name: 'one.vn.info',
    params: { id: int, decrypt: optional(boolean, false) },
    help: 'Shows a network with those of its leases that the caller may see.',
    run(call, { id, decrypt }) {
      const vnet = call.readable('vnet', call.getAuthorized('vnet', id, 'USE', { despiteLock: true }), decrypt);
      return vnetXml(vnet, visibleRanges(call, vnet), vnetFollowers(vnet, call.cloud));
    },
  }),
  ownedPoolMethod('vnet'),
  updateMethod('vnet', {
    restricted: 'VNET_RESTRICTED_ATTR',
    check: (call, vnet, given) => checkVlans(call, given, vnet.templateId),
    apply: (call, vnet, template) => {
      template.delete('VNET_UPDATE');
      const change = networkChange(vnet.template, template);
      const updated = decideForVnetUpdate(vnet, template, { driver: driverOf(call) });
      if (!change) return updated;
      call.services.networkUpdates.commit(vnet.id, 'all');
      const state = vnet.state === 'UPDATE_FAILURE' ? 'READY' : vnet.state;
      return { ...updated, state, template: updated.template.clone().set('VNET_UPDATE', change) };
    },
  }),
  renameMethod('vnet'),
  chmodMethod('vnet'),
  chownMethod('vnet', { uses: (_, vnet) => reservationUse(vnet) }),
  ...lockMethods('vnet'),
  recoverVnetMethod,
  deleteVnetMethod,
];

/**
 * Makes a network; a range that is not acceptable leaves it without that range, in ERROR. One whose driver has to make it
 * has no ranges until that is done.
 */
export function createVnet(
  call: Call,
  template: Template,
  place: Pick<Vnet, 'clusterIds' | 'parentId' | 'templateId'>,
): number {
  const { cloud } = call;
  return makeOrSpendFirstId(call, 'vnet', () => cloud.transaction(() => makeVnet(call, template, place)));
}

function makeVnet(call: Call, template: Template, place: Parameters<typeof createVnet>[2]): number {
  const { vnet: pool } = call.cloud.pools;
  const id = pool.nextId();
  const name = nameOf(template, id);
  const obstacle = namingObstacle(call, 'vnet', name, call.uid);
  if (obstacle !== undefined) throw internal(obstacle);
  const { configuration } = call.services;
  const vlans = vlanSource(call.cloud, configuration.vector('VLAN_IDS'), configuration.vector('VXLAN_IDS'));
  const vnet: Vnet = {
    id,
    name,
    ...ownedByCaller(call),
    ...decideForVnet(template, { id, driver: driverOf(call), vlans }),
    ...place,
    state: 'READY',
    ranges: [],
  };
  const ranges = place.parentId < 0 ? template.vectors('AR') : [];
  const isMadeByDriver = call.services.vnetDrivers.wants(vnet.vnMad, 'vnet_create');
  pool.put(isMadeByDriver ? toBeMade(vnet, ranges) : withNewRanges(call.services, vnet, ranges));
  return id;
}

function toBeMade(vnet: Vnet, ranges: readonly Vector[]): Vnet {
  const template = vnet.template.clone();
  for (const range of ranges) template.add('AR', range);
  return { ...vnet, state: 'LOCK_CREATE', template };
}

function nameOf(template: Template, id: number): string {
  const name = template.get('NAME') ?? '';
  const prefix = template.get('TEMPLATE_NAME') ?? '';
  if (name === '' && prefix === '') throw internal('No NAME in template for Virtual Network.');
  return name === '' ? `${prefix}-${id}` : name;
}

function driverOf({ services: { configuration } }: Call) {
  return (name: string) => configuration.driver('VN_MAD_CONF', name);
}

/** A reservation counts for its owner in the network that it was taken from. */
function reservationUse({ parentId, ranges }: Vnet): QuotaUse[] {
  if (parentId < 0) return [];
  const LEASES = ranges.reduce((sum, { attributes }) => sum + Number(attributes.SIZE), 0);
  return [{ family: 'NETWORK', id: String(parentId), amounts: { LEASES } }];
}

/** Who may manage the network sees all leases; others those of VMs and networks that they may use. */
function visibleRanges(call: Call, vnet: Vnet): LeasedRange[] {
  const ranges = leasedRanges(call.cloud, vnet);
  if (call.may(call.on('vnet', vnet, 'MANAGE'))) return ranges;
  const { pools } = call.cloud;
  const [usableVm, usableVnet] = [call.usable('vm'), call.usable('vnet')];
  const visible = ({ kind, id }: LeaseOwner) => {
    if (kind === 'VM') {
      const vm = pools.vm.get(id);
      return vm !== undefined && usableVm(vm);
    }
    const holder = kind === 'VNET' ? pools.vnet.get(id) : undefined;
    return holder !== undefined && usableVnet(holder);
  };
  return ranges.map(({ range, leases }) => ({
    range,
    leases: new Map([...leases].filter(([, owner]) => visible(owner))),
    used: usedAddresses({ range, leases }),
  }));
}
