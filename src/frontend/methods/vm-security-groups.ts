/** Security groups of single NICs: `one.vm.attachsg` and `detachsg` (DispatchManager::attach_sg, detach_sg, 7.4). */
import type { Vector } from '../../opennebula/template.ts';
import { ruleReach, withGroupRules } from '../dispatch/rule-updates.ts';
import type { Demand } from '../objects/authorization.ts';
import type { Vm } from '../objects/vm.ts';
import { edited, withVector } from '../vm/edit-template.ts';
import { dropUnusedRules, findNic, idsIn, isAlias, nicIdOf } from '../vm/nic.ts';
import { internal, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method } from './method.ts';
import { change, vmFor } from './vm-access.ts';

const PARAMS = { id: int, nic: int, group: int };

export const nicSecurityGroupMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vm.attachsg',
    params: PARAMS,
    help: 'Adds a security group to a NIC of a virtual machine, and its rules to the host.',
    run(call, { id, nic: nicId, group }) {
      const known = findNic(call.get('vm', id), nicId);
      if (!known) throw internal(`VM ${id} doesn't have NIC id ${nicId}`);
      const vm = vmFor(call, id, 'sg-attach', ...nicUse(call, known, group));
      if (!call.cloud.pools.secgroup.get(group)) {
        throw notPossible(`Could not attach SG ${group} to VM, SG does not exist`);
      }
      checkReach(vm);
      if (idsIn(known.SECURITY_GROUPS).includes(group)) {
        throw notPossible(`VM ${id} SG ${group} already in NIC ${nicId}`);
      }
      follow(call, vm, nicId, group, (ids) => [...ids, group]);
      return id;
    },
  }),
  defineMethod({
    name: 'one.vm.detachsg',
    params: PARAMS,
    help: 'Takes a security group off a NIC of a virtual machine, and its rules off the host unless another NIC has it.',
    run(call, { id, nic: nicId, group }) {
      const vm = vmFor(call, id, 'sg-attach');
      checkReach(vm);
      const known = findNic(vm, nicId);
      if (!known) throw notPossible(`VM ${id} doesn't have NIC id ${nicId}`);
      if (!idsIn(known.SECURITY_GROUPS).includes(group)) {
        throw notPossible(`VM ${id} NIC ${nicId} doesn't contain SG ${group}`);
      }
      follow(call, vm, nicId, group, (ids) => ids.filter((other) => other !== group));
      return id;
    },
  }),
];

/** The network and the groups that the NIC would have, as for a new one. */
function nicUse(call: Call, nic: Vector, group: number): Demand[] {
  const { vnet, secgroup } = call.cloud.pools;
  const network = nic.NETWORK_ID ? vnet.get(Number(nic.NETWORK_ID)) : undefined;
  return [
    ...(network ? [call.on('vnet', network, 'USE')] : []),
    ...[...new Set([...idsIn(nic.SECURITY_GROUPS), group])]
      .sort((a, b) => a - b)
      .flatMap((id) => {
        const record = secgroup.get(id);
        return record ? [call.on('secgroup', record, 'USE')] : [];
      }),
  ];
}

function checkReach(vm: Vm): void {
  if (ruleReach(vm) === 'busy') throw notPossible(`VM ${vm.id} is in wrong state ${vm.phase}`);
}

function follow(
  call: Call,
  vm: Vm,
  nicId: number,
  group: number,
  groupsFrom: (ids: readonly number[]) => readonly number[],
): void {
  const { dispatcher, ruleUpdates } = call.services;
  change(call, () => {
    const changed = dispatcher.update(withNicGroups(call, vm, nicId, group, groupsFrom));
    if (ruleReach(changed) === 'host') ruleUpdates.tell(changed, group);
  });
}

function withNicGroups(
  call: Call,
  vm: Vm,
  nicId: number,
  group: number,
  groupsFrom: (ids: readonly number[]) => readonly number[],
): Vm {
  const name = isAlias(findNic(vm, nicId) ?? {}) ? 'NIC_ALIAS' : 'NIC';
  const replaced = (nic: Vector) => {
    const ids = [...groupsFrom(idsIn(nic.SECURITY_GROUPS))].sort((a, b) => a - b);
    return { ...nic, SECURITY_GROUPS: ids.join(',') };
  };
  const template = withVector(vm.template, name, (nic) => nicIdOf(nic) === nicId, replaced);
  const whole = withGroupRules(call.cloud, { ...vm, template }, group);
  return { ...whole, template: edited(whole.template, dropUnusedRules) };
}
