/** Adding, changing and removing roles of a VM group (src/vm_group/VMGroup.cc, VMGroupRole.cc, 7.4). */
import type { Vector } from '../../opennebula/template.ts';
import { Refusal } from './refusal.ts';
import type { Role, VmGroup } from './vm-group.ts';
import { checkRules, MAX_ROLES } from './vm-group-rules.ts';

/** Roles of a new group. @throws Refusal with oned's words */
export function rolesFrom(given: readonly Vector[]): Role[] {
  return given.reduce<Role[]>((roles, role) => withNew(roles, role), []);
}

/** @throws Refusal with oned's words */
export function withRole(group: VmGroup, given: Vector): VmGroup {
  return checked({ ...group, roles: withNew(group.roles, given) });
}

/** What is given replaces what the role has; the rest stays. @param inUse VMs play the role @throws Refusal */
export function withRoleChanged(
  group: VmGroup,
  roleId: number,
  given: Vector,
  inUse: (role: Role) => boolean,
): VmGroup {
  const before = group.roles.find(({ id }) => id === roleId);
  if (!before) throw new Refusal(`VMGroup ${group.id} doesn't have role ${roleId}`);
  if (inUse(before)) throw new Refusal(`VMGroup ${group.id} Role ${roleId} has VMs, unable to update`);
  const name = given.NAME || before.name;
  if (group.roles.some((role) => role !== before && role.name === name)) {
    throw new Refusal(`VMGroup ${group.id} Role ${roleId} can not update name, role with name ${name} already exists`);
  }
  const after: Role = { id: roleId, name, attributes: { ...before.attributes, ...ownOf(given) } };
  return checked({ ...group, roles: group.roles.map((role) => (role === before ? after : role)) });
}

/** @param inUse VMs play the role @throws Refusal */
export function withoutRole(group: VmGroup, roleId: number, inUse: (role: Role) => boolean): VmGroup {
  const role = group.roles.find(({ id }) => id === roleId);
  if (!role) throw new Refusal(`Unable to delete role ${roleId}, the role doesn't exists`);
  // The blank at the end is OpenNebula's.
  if (inUse(role)) throw new Refusal(`Unable to delete role ${roleId}, the role has assigned VMs `);
  return checked({ ...group, roles: group.roles.filter((other) => other !== role) });
}

function withNew(roles: readonly Role[], given: Vector): Role[] {
  const name = given.NAME ?? '';
  if (name === '') throw new Refusal('Missing NAME in VM group role');
  if (roles.some((role) => role.name === name)) throw new Refusal('Role already exists');
  if (roles.length === MAX_ROLES) throw new Refusal('Maximum number of roles in a VM Group reached');
  return [...roles, { id: (roles.at(-1)?.id ?? -1) + 1, name, attributes: ownOf(given) }];
}

/** What the front-end keeps itself is not the user's to give. */
function ownOf({ ID: _, NAME: __, VMS: ___, ...attributes }: Vector): Vector {
  return attributes;
}

function checked(group: VmGroup): VmGroup {
  checkRules(group);
  return group;
}
