/**
 * VM groups: VMs by the role that they play, and on which hosts roles may be beside each other
 * (src/vm_group/VMGroup.cc, VMGroupRole.cc, 7.4).
 */
import { permissionsXml } from '../../opennebula/permissions.ts';
import { templateXml, type Vector, vectorXml } from '../../opennebula/template.ts';
import { group } from '../../opennebula/xml.ts';
import { memoize } from './memoize.ts';
import type { LockableRecord, OwnedRecord, TemplateRecord } from './record.ts';
import type { Vm } from './vm.ts';
import { headXml, lockXml } from './xml-parts.ts';

/** AFFINED and ANTI_AFFINED of the template are the rules between roles. */
export interface VmGroup extends OwnedRecord, LockableRecord, TemplateRecord {
  /** Ascending by id. */
  readonly roles: readonly Role[];
}

export interface Role {
  readonly id: number;
  readonly name: string;
  /** As the user gave them: POLICY, HOST_AFFINED, HOST_ANTI_AFFINED and his own; neither ID, NAME nor VMS. */
  readonly attributes: Vector;
}

export type Policy = 'AFFINED' | 'ANTI_AFFINED';

export function policyOf({ attributes }: Role): Policy | undefined {
  const policy = attributes.POLICY?.toUpperCase();
  return policy === 'AFFINED' || policy === 'ANTI_AFFINED' ? policy : undefined;
}

/** Hosts that a role names in HOST_AFFINED or HOST_ANTI_AFFINED, ascending. */
export function hostsOf({ attributes }: Role, name: `HOST_${Policy}`): number[] {
  const ids = (attributes[name] ?? '').split(',').map((text) => Number.parseInt(text, 10));
  return [...new Set(ids.filter((id) => !Number.isNaN(id)))].sort((a, b) => a - b);
}

export interface Membership {
  readonly groupId: number;
  readonly role: string;
}

/** The group and role of a VM; of one that has ended, none. */
export function membershipOf({ phase, template }: Vm): Membership | undefined {
  return phase === 'DONE' ? undefined : membershipIn(template);
}

const membershipIn = memoize((template: Vm['template']): Membership | undefined => {
  const { VMGROUP_ID: id, ROLE: role } = template.vector('VMGROUP') ?? {};
  return id && role ? { groupId: Number(id), role } : undefined;
});

/** The key of a role, by which VMs are found. */
export function roleKey({ groupId, role }: Membership): string {
  return `${groupId} ${role}`;
}

/** @param vmIds of a role, ascending */
export function vmGroupXml(record: VmGroup, vmIds: (role: Role) => readonly number[]): string {
  const roles = record.roles.map((role) => {
    const vms = vmIds(role);
    const { id, name, attributes } = role;
    return vectorXml('ROLE', {
      ...attributes,
      ID: String(id),
      NAME: name,
      ...(vms.length > 0 ? { VMS: vms.join(',') } : {}),
    });
  });
  return group(
    'VM_GROUP',
    headXml(record),
    permissionsXml(record.permissions),
    lockXml(record),
    group('ROLES', ...roles),
    group('TEMPLATE', templateXml(record.template)),
  );
}
