/** The VMGROUP attribute of a VM (src/vm_group/VMGroupPool.cc, vmgroup_attribute, 7.4). */
import type { Vector } from '../../opennebula/template.ts';
import type { VmGroup } from '../objects/vm-group.ts';
import { InvalidTemplate } from './invalid-template.ts';

/** The attribute with the id of its group. @throws InvalidTemplate when there is no such group or role */
export function inVmGroup(attribute: Vector, find: (attribute: Vector) => VmGroup | undefined): Vector {
  if (!attribute.ROLE) throw new InvalidTemplate('Missing role name in VM Group definition');
  const group = find(attribute);
  if (!group) throw new InvalidTemplate('Cannot find VM Group to associate the VM');
  if (!group.roles.some(({ name }) => name === attribute.ROLE)) {
    throw new InvalidTemplate('Role does not exist in VM Group');
  }
  return { ...attribute, VMGROUP_ID: String(group.id) };
}
