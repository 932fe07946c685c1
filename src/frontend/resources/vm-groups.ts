/** VM groups in the cloud: which VMs play which role, and the group that a VM's template means. */
import type { Vector } from '../../opennebula/template.ts';
import { statesOf } from '../objects/phase.ts';
import { currentRecord } from '../objects/vm.ts';
import { type Role, roleKey, type VmGroup } from '../objects/vm-group.ts';
import type { Members } from '../objects/vm-group-affinity.ts';
import type { Cloud } from '../store/cloud.ts';

/** Ascending. */
export function vmsInRole({ pools }: Cloud, groupId: number, role: Role): number[] {
  return [...pools.vm.ids('vmgroup', roleKey({ groupId, role: role.name }))].sort((a, b) => a - b);
}

export function membersOf(cloud: Cloud, group: VmGroup): Members {
  return {
    vmIds: (role) => vmsInRole(cloud, group.id, role),
    hostOf(vmId) {
      const vm = cloud.pools.vm.get(vmId);
      return vm && statesOf(vm.phase).state === 'ACTIVE' ? currentRecord(vm)?.hostId : undefined;
    },
  };
}

/** The group of a VMGROUP attribute, by name or id. @param uid whose groups names mean unless VMGROUP_UID says so */
export function vmGroupOf({ pools }: Cloud, attribute: Vector, uid: number): VmGroup | undefined {
  const { VMGROUP_NAME: name, VMGROUP_UID: owner, VMGROUP_ID: id } = attribute;
  if (name) return pools.vmgroup.byName(name, owner ? Number(owner) : uid);
  return id ? pools.vmgroup.get(Number(id)) : undefined;
}
