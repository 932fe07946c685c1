/** NICs of virtual routers: `one.vrouter.attachnic` and `detachnic` (src/vrouter/VirtualRouter.cc, 7.4). */
import { isYes, Template, type Vector } from '../../opennebula/template.ts';
import { networkOf, takeLeaseForNic } from '../dispatch/surroundings.ts';
import type { Vm } from '../objects/vm.ts';
import type { VirtualRouter } from '../objects/vrouter.ts';
import { releaseLease } from '../resources/leases.ts';
import { chargeQuotas, releaseQuotas } from '../resources/quota-use.ts';
import { withVector } from '../vm/edit-template.ts';
import { findNic, nicIdOf } from '../vm/nic.ts';
import { asksForNetwork, withLease } from '../vm/nic-attributes.ts';
import { hasFloatingIp, routerNic, routerQuotaUses } from '../vm/router-nic.ts';
import { ApiError, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method, string } from './method.ts';
import { findNetwork } from './networks.ts';
import { change } from './vm-access.ts';
import { deviceDemands } from './vm-devices.ts';
import { attachNic, detachNic } from './vm-nics.ts';

export const vrouterNicMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vrouter.attachnic',
    params: { id: int, template: string },
    help: 'Attaches a NIC to a virtual router and to each of its VMs, or to none of them.',
    run(call, { id, template: source }) {
      const template = call.parseTemplate(source);
      const router = call.get('vrouter', id);
      call.authorize(call.on('vrouter', router, 'MANAGE'), ...deviceDemands(call, template));
      if (template.has('NIC_ALIAS')) throw notPossible("Alias can't be attached to virtual router.");
      const [nic, more] = template.vectors('NIC');
      if (!nic || more) throw notPossible('The template must contain one NIC attribute');
      change(call, () => attach(call, router, nic), notPossible);
      return id;
    },
  }),
  defineMethod({
    name: 'one.vrouter.detachnic',
    params: { id: int, nic: int },
    help: 'Detaches a NIC from a virtual router and from each of its VMs that has it, or from none of them.',
    run(call, { id, nic: nicId }) {
      const router = call.getAuthorized('vrouter', id, 'MANAGE');
      const nic = router.template.vectors('NIC').find((candidate) => nicIdOf(candidate) === nicId);
      if (!nic) throw notPossible(`NIC with NIC_ID ${nicId} does not exist.`);
      call.cloud.transaction(() => {
        call.cloud.pools.vrouter.put(disconnectRouterNic(call, router, nic));
        // A VM at whose host the NIC could not be attached has nothing to give up.
        for (const vm of vmsOf(call, id)) if (findNic(vm, nicId)) detachNic(call, vm.id, nicId);
      });
      return id;
    },
  }),
];

function attach(call: Call, router: VirtualRouter, given: Vector): void {
  const changed = call.cloud.pools.vrouter.put(connectRouterNic(call, router, given));
  const nic = changed.template.vectors('NIC').at(-1) as Vector;
  for (const vm of vmsOf(call, router.id)) {
    try {
      attachNic(call, vm.id, new Template([['NIC', nic]]));
    } catch (error) {
      throw error instanceof ApiError ? notPossible(error.reason) : error;
    }
  }
}

/** VMs of a router that live. */
export function vmsOf({ cloud }: Call, routerId: number): Vm[] {
  return cloud.pools.vm.withIds(cloud.links.of('vrouter.vms', routerId));
}

/**
 * The router with one more NIC, whose address that floats is the router's. A network's name alone means one of the
 * caller's, or of the router's owner. Within a transaction.
 * @throws InvalidTemplate, QuotaExceeded
 */
export function connectRouterNic(call: Call, router: VirtualRouter, given: Vector): VirtualRouter {
  const nicId = Math.max(-1, ...router.template.vectors('NIC').map(nicIdOf)) + 1;
  const nic = inNetwork(call, router, { ...given, NIC_ID: String(nicId) });
  chargeQuotas(call.cloud, router, routerQuotaUses([nic]));
  return { ...router, template: router.template.clone().add('NIC', nic) };
}

function inNetwork(call: Call, { id, uid }: VirtualRouter, nic: Vector): Vector {
  const { cloud, services } = call;
  if (!asksForNetwork(nic)) return nic;
  const vnet = findNetwork(call, nic) ?? networkOf(cloud, nic, uid);
  cloud.links.add('vnet.vrouters', vnet.id, id);
  const named = { ...nic, NETWORK: vnet.name, NETWORK_ID: String(vnet.id) };
  if (!hasFloatingIp(nic)) return named;
  const { lease } = takeLeaseForNic(cloud, { kind: 'VROUTER', id }, named, uid);
  const restricted = services.configuration
    .list('VM_RESTRICTED_ATTR')
    .flatMap((path) => (path.startsWith('NIC/') ? [path.slice('NIC/'.length)] : []));
  return routerNic(withLease(named, lease, services.configuration.list('INHERIT_VNET_ATTR')), restricted);
}

/** The router without a NIC, whose address goes back to its network. Within a transaction. */
export function disconnectRouterNic({ cloud }: Call, router: VirtualRouter, nic: Vector): VirtualRouter {
  const template = withVector(
    router.template,
    'NIC',
    ({ NIC_ID }) => NIC_ID === nic.NIC_ID,
    () => undefined,
  );
  const { NETWORK_ID: networkId, VROUTER_MAC: mac, VROUTER_IP: ip, VROUTER_IP6: ip6 } = nic;
  const address = isYes(nic.SHARED) ? { ip, ip6 } : mac === undefined ? undefined : { mac };
  if (networkId !== undefined) {
    if (address) releaseLease(cloud, Number(networkId), { kind: 'VROUTER', id: router.id }, address);
    const stays = template.vectors('NIC').some(({ NETWORK_ID }) => NETWORK_ID === networkId);
    if (!stays) cloud.links.remove('vnet.vrouters', Number(networkId), router.id);
  }
  releaseQuotas(cloud, router, routerQuotaUses([nic]));
  return { ...router, template };
}
