/** Whether a VM that runs already may join a VM group where it is (src/vm_group/VMGroup.cc, check_affinity, 7.4). */
import { hostsOf, type Policy, policyOf, type Role, type VmGroup } from './vm-group.ts';
import { rulesOf } from './vm-group-rules.ts';

/** What is known of the VMs of a group. */
export interface Members {
  vmIds(role: Role): readonly number[];
  /** Where a VM is active; undefined for one that is not. */
  hostOf(vmId: number): number | undefined;
}

/** Why a VM on a host cannot play a role, in oned's words; undefined when it can. */
export function affinityProblem(
  group: VmGroup,
  members: Members,
  { vmId, hostId, role: roleName }: { readonly vmId: number; readonly hostId: number; readonly role: string },
): string | undefined {
  const role = group.roles.find(({ name }) => name === roleName);
  if (!role) return 'Role does not exist in VM Group';
  const where = `VM ${vmId} is on host ${hostId} but`;
  const offender = (roles: readonly Role[], policy: Policy) => {
    const others = roles.flatMap((one) =>
      members.vmIds(one).map((id) => ({ id, role: one, hostId: members.hostOf(id) })),
    );
    return others.find(
      (other) =>
        other.id !== vmId && other.hostId !== undefined && (other.hostId === hostId) === (policy === 'ANTI_AFFINED'),
    );
  };
  const place = (policy: Policy, other: { hostId: number | undefined }) =>
    policy === 'AFFINED' ? `is on host ${other.hostId}` : 'is on the same host';

  const policy = policyOf(role);
  const mate = policy && offender([role], policy);
  if (mate) return `${where} role ${role.name} is ${policy} and VM ${mate.id} ${place(policy, mate)}`;
  for (const kind of ['AFFINED', 'ANTI_AFFINED'] as const) {
    const others = rulesOf(group, kind).flatMap((rule) => (rule.includes(role) ? rule.filter((r) => r !== role) : []));
    const other = offender(others, kind);
    if (other) return `${where} it is ${kind} with role ${other.role.name} and VM ${other.id} ${place(kind, other)}`;
  }
  const wanted = hostsOf(role, 'HOST_AFFINED');
  const shunned = hostsOf(role, 'HOST_ANTI_AFFINED');
  if ((wanted.length > 0 && !wanted.includes(hostId)) || shunned.includes(hostId)) {
    return `${where} role ${role.name} has HOST_AFFINED/HOST_ANTI_AFFINED rules that are violated by this host`;
  }
  return undefined;
}
