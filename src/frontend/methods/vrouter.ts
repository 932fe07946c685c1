/** `one.vrouter.*` and `one.vrouterpool.info` (src/rm/api/VirtualRouterAPI.cc, 7.4); NICs have a file of their own. */
import type { Template } from '../../opennebula/template.ts';
import { quotaClaims } from '../lifecycle/claims.ts';
import { WrongState } from '../lifecycle/wrong-state.ts';
import type { Vm } from '../objects/vm.ts';
import type { VirtualRouter } from '../objects/vrouter.ts';
import { keepBody } from '../resources/stay-bodies.ts';
import { edited } from '../vm/edit-template.ts';
import { routerQuotaUses, vmTemplateOfRouter } from '../vm/router-nic.ts';
import { internal, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { boolean, defineMethod, int, type Method, string } from './method.ts';
import { makeOrSpendFirstId, namingObstacle, ownedByCaller, takeName } from './standard/allocate.ts';
import { CHMOD_PARAMS, changeMode } from './standard/chmod.ts';
import { chownMethod, giveTo } from './standard/chown.ts';
import { deleteMethod } from './standard/delete.ts';
import { infoMethod, ownedPoolMethod } from './standard/info.ts';
import { lockMethods } from './standard/lock.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';
import { actorOf, change } from './vm-access.ts';
import { instantiate, isForRouters } from './vm-allocate.ts';
import { deviceDemands } from './vm-devices.ts';
import { connectRouterNic, disconnectRouterNic, vmsOf } from './vrouter-nics.ts';

export const vrouterMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vrouter.allocate',
    params: { template: string },
    help: 'Makes a virtual router, with NICs that its VMs will have.',
    run(call, { template: source }) {
      const template = call.parseTemplate(source);
      call.authorize(call.creation('vrouter'), ...deviceDemands(call, template));
      return makeOrSpendFirstId(call, 'vrouter', () => change(call, () => createRouter(call, template), internal));
    },
  }),
  infoMethod('vrouter'),
  ownedPoolMethod('vrouter'),
  updateMethod('vrouter', { apply: withOwnNics }),
  renameMethod('vrouter'),
  defineMethod({
    name: 'one.vrouter.chmod',
    params: CHMOD_PARAMS,
    help: 'Changes permission bits of a virtual router and of its VMs; -1 keeps one.',
    run(call, { id, ...bits }) {
      call.cloud.transaction(() => {
        changeMode(call, 'vrouter', id, Object.values(bits));
        for (const vm of vmsOf(call, id)) changeMode(call, 'vm', vm.id, Object.values(bits));
      });
      return id;
    },
  }),
  chownMethod('vrouter', {
    uses: (_, { template }) => routerQuotaUses(template.vectors('NIC')),
    alongWith(call, { id }, next) {
      for (const vm of vmsOf(call, id)) {
        giveTo(call, 'vm', vm, next, quotaClaims(vm));
        keepBody(call.cloud, call.get('vm', vm.id));
      }
    },
  }),
  ...lockMethods('vrouter'),
  deleteMethod('vrouter', {
    alongWith(call, router) {
      const nics = router.template.vectors('NIC');
      nics.reduce((left, nic) => disconnectRouterNic(call, left, nic), router);
      for (const vm of vmsOf(call, router.id)) endVm(call, vm);
    },
  }),
  defineMethod({
    name: 'one.vrouter.instantiate',
    params: { id: int, vms: int, template: int, name: string, hold: boolean, extra: string },
    help: 'Makes VMs of a virtual router from a template with VROUTER=YES, all or none; %i in the name is the number of each.',
    run(call, { id, vms, template: given, name, hold, extra }) {
      const router = call.get('vrouter', id);
      const templateId = given === -1 ? Number(router.template.get('TEMPLATE_ID') ?? -1) : given;
      if (templateId === -1) {
        throw notPossible('A template ID was not provided, and the virtual router does not have a default one');
      }
      call.authorize(call.on('vrouter', router, 'MANAGE'));
      if (!isForRouters(call.get('template', templateId))) {
        throw notPossible('Only virtual router templates are allowed');
      }
      const pattern = name === '' ? `vr-${router.name}-%i` : name;
      const added = vmTemplateOfRouter(router);
      call.cloud.transaction(() => {
        const ids = Array.from({ length: Math.max(0, vms) }, (_, number) => {
          const vmName = pattern.replaceAll('%i', String(number));
          // On hold until all are there, and so marked for good.
          const vmId = instantiate(call, templateId, { name: vmName, hold: true, extra, added });
          call.cloud.links.add('vrouter.vms', id, vmId);
          return vmId;
        });
        if (!hold) for (const vmId of ids) release(call, vmId);
        const template = edited(router.template, (copy) => copy.set('TEMPLATE_ID', String(templateId)));
        call.cloud.pools.vrouter.put({ ...router, template });
      });
      return id;
    },
  }),
];

function createRouter(call: Call, given: Template): number {
  const template = given.clone();
  const name = takeName(template);
  const obstacle = namingObstacle(call, 'vrouter', name, call.uid);
  if (obstacle !== undefined) throw internal(obstacle);
  const { vrouter: pool } = call.cloud.pools;
  const id = pool.nextId();
  const bare = { id, name, ...ownedByCaller(call), template: edited(template, (copy) => copy.delete('NIC')) };
  const router = template.vectors('NIC').reduce<VirtualRouter>((before, nic) => {
    if (nic.NETWORK_MODE?.toUpperCase() === 'AUTO') throw internal('Virtual Router is incompatible with auto mode');
    return connectRouterNic(call, before, nic);
  }, bare);
  return pool.put(router).id;
}

/** NICs come and go by methods of their own. */
function withOwnNics(_: Call, router: VirtualRouter, template: Template): VirtualRouter {
  const kept = edited(template, (copy) => {
    copy.delete('NIC');
    for (const nic of router.template.vectors('NIC')) copy.add('NIC', nic);
  });
  return { ...router, template: kept };
}

function release(call: Call, vmId: number): void {
  const vm = call.get('vm', vmId);
  if (vm.phase === 'HOLD') call.services.dispatcher.apply(vm, { name: 'release', actor: actorOf(call) });
}

/** Ends a VM however it can be ended, in its owner's name; one that ends already is left to that. Within a transaction. */
function endVm(call: Call, vm: Vm): void {
  const actor = { ...actorOf(call), uid: vm.uid, gid: vm.gid };
  for (const name of ['terminate-hard', 'recover-delete'] as const) {
    try {
      call.services.dispatcher.apply(vm, { name, actor });
      return;
    } catch (error) {
      if (!(error instanceof WrongState)) throw error;
    }
  }
}
