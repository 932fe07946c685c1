/** `one.vm.vmgroupadd` and `vmgroupdel` (src/rm/api/VirtualMachineAPI.cc, 7.4). */
import { affinityProblem } from '../objects/vm-group-affinity.ts';
import { membersOf } from '../resources/vm-groups.ts';
import { edited } from '../vm/edit-template.ts';
import { inVmGroup } from '../vm/vm-group.ts';
import { notPossible } from './api-error.ts';
import { defineMethod, int, type Method, string } from './method.ts';
import { change, vmFor } from './vm-access.ts';

export const vmGroupMembershipMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vm.vmgroupadd',
    params: { id: int, group: int, role: string },
    help: 'Puts a virtual machine into a vm group, out of the one in which it was; a running one only where the rules let it be.',
    run(call, { id, group: groupId, role }) {
      const vm = vmFor(call, id, 'vmgroup');
      const group = call.getAuthorized('vmgroup', groupId, 'USE');
      const members = membersOf(call.cloud, group);
      const hostId = members.hostOf(id);
      const problem = hostId === undefined ? undefined : affinityProblem(group, members, { vmId: id, hostId, role });
      if (problem !== undefined) throw notPossible(problem);
      change(
        call,
        () => {
          const attribute = inVmGroup({ VMGROUP_ID: String(groupId), ROLE: role }, () => group);
          const template = edited(vm.template, (copy) => copy.delete('VMGROUP').add('VMGROUP', attribute));
          call.services.dispatcher.update({ ...vm, template });
        },
        notPossible,
      );
      return id;
    },
  }),
  defineMethod({
    name: 'one.vm.vmgroupdel',
    params: { id: int },
    help: 'Takes a virtual machine out of its vm group.',
    run(call, { id }) {
      const vm = vmFor(call, id, 'vmgroup');
      const template = edited(vm.template, (copy) => copy.delete('VMGROUP'));
      change(call, () => call.services.dispatcher.update({ ...vm, template }));
      return id;
    },
  }),
];
