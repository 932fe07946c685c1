/** VM groups as records, from the template that a user would give. */
import type { VmGroup } from '../../src/frontend/objects/vm-group.ts';
import { rolesFrom } from '../../src/frontend/objects/vm-group-roles.ts';
import { parseTemplate } from '../../src/opennebula/template.ts';

export function vmGroupRecord(source: string, fields: Partial<VmGroup> = {}): VmGroup {
  const template = parseTemplate(source);
  const roles = rolesFrom(template.vectors('ROLE'));
  return {
    id: 7,
    name: 'app',
    uid: 0,
    gid: 0,
    uname: 'oneadmin',
    gname: 'oneadmin',
    permissions: 0o600,
    roles,
    template: template.delete('ROLE'),
    ...fields,
  };
}
