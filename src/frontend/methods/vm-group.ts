/** `one.vmgroup.*` and `one.vmgrouppool.*` (src/rm/api/VMGroupAPI.cc, 7.4). */
import { parseTemplate, type Template, TemplateSyntaxError, type Vector } from '../../opennebula/template.ts';
import { Refusal } from '../objects/refusal.ts';
import type { Role, VmGroup } from '../objects/vm-group.ts';
import { rolesFrom, withoutRole, withRole, withRoleChanged } from '../objects/vm-group-roles.ts';
import { checkRules } from '../objects/vm-group-rules.ts';
import { vmsInRole } from '../resources/vm-groups.ts';
import { internal, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method, string } from './method.ts';
import { makeOrSpendFirstId, namingObstacle, ownedByCaller } from './standard/allocate.ts';
import { chmodMethod } from './standard/chmod.ts';
import { chownMethod } from './standard/chown.ts';
import { deleteMethod } from './standard/delete.ts';
import { infoMethod, ownedPoolMethod } from './standard/info.ts';
import { lockMethods } from './standard/lock.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';

export const vmGroupMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vmgroup.allocate',
    params: { template: string },
    help: 'Makes a VM group of roles and rules.',
    run(call, { template: source }) {
      const template = call.parseTemplate(source);
      call.authorize(call.creation('vmgroup'));
      return createVmGroup(call, template);
    },
  }),
  infoMethod('vmgroup'),
  ownedPoolMethod('vmgroup'),
  updateMethod('vmgroup', {
    apply(call, group, template) {
      const vms = group.roles.reduce((sum, role) => sum + vmsInRole(call.cloud, group.id, role).length, 0);
      if (vms > 0) throw new Refusal(`VM Group has ${vms} VMs`);
      const next = { ...group, template: template.delete('ROLE') };
      checkRules(next);
      return next;
    },
  }),
  renameMethod('vmgroup'),
  chmodMethod('vmgroup'),
  chownMethod('vmgroup'),
  ...lockMethods('vmgroup'),
  deleteMethod('vmgroup'),
  defineMethod({
    name: 'one.vmgroup.roleadd',
    params: { id: int, template: string },
    help: 'Adds a role to a vm group.',
    run(call, { id, template }) {
      call.getAuthorized('vmgroup', id, 'MANAGE');
      const given = roleIn(template);
      return changeRoles(call, id, (group) => withRole(group, given));
    },
  }),
  defineMethod({
    name: 'one.vmgroup.roledelete',
    params: { id: int, role: int },
    help: 'Removes a role, which no VM plays, from a vm group.',
    run(call, { id, role }) {
      call.getAuthorized('vmgroup', id, 'MANAGE');
      return changeRoles(call, id, (group, inUse) => withoutRole(group, role, inUse));
    },
  }),
  defineMethod({
    name: 'one.vmgroup.roleupdate',
    params: { id: int, role: int, template: string },
    help: 'Merges attributes into a role, which no VM plays, of a vm group.',
    run(call, { id, role, template }) {
      call.getAuthorized('vmgroup', id, 'MANAGE');
      const given = roleIn(template);
      return changeRoles(call, id, (group, inUse) => withRoleChanged(group, role, given, inUse));
    },
  }),
];

function createVmGroup(call: Call, given: Template): number {
  const { vmgroup: pool } = call.cloud.pools;
  const name = given.get('NAME') ?? '';
  const obstacle = namingObstacle(call, 'vmgroup', name, call.uid);
  if (obstacle !== undefined) throw internal(obstacle);
  const template = given.clone().delete('NAME').delete('ROLE');
  return makeOrSpendFirstId(call, 'vmgroup', () => {
    const roles = rolesFrom(given.vectors('ROLE'));
    checkRules({ roles, template });
    return call.cloud.transaction(
      () => pool.put({ id: pool.nextId(), name, ...ownedByCaller(call), roles, template }).id,
    );
  });
}

function changeRoles(
  call: Call,
  id: number,
  change: (group: VmGroup, inUse: (role: Role) => boolean) => VmGroup,
): number {
  const { cloud } = call;
  try {
    const changed = change(call.get('vmgroup', id), (role) => vmsInRole(cloud, id, role).length > 0);
    cloud.transaction(() => cloud.pools.vmgroup.put(changed));
    return id;
  } catch (error) {
    if (error instanceof Refusal) throw notPossible(error.message);
    throw error;
  }
}

/** @throws ApiError ACTION */
function roleIn(source: string): Vector {
  try {
    const role = parseTemplate(source).vector('ROLE');
    if (role) return role;
  } catch (error) {
    if (error instanceof TemplateSyntaxError) throw notPossible(error.message);
    throw error;
  }
  throw notPossible('No ROLE attribute in template');
}
