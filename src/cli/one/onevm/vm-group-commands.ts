/** Verbs on the VM groups of VMs. */
import { type Command, command, required } from '../command.ts';
import { intFormat, textFormat } from '../formats.ts';
import { once } from '../verbs/each.ts';
import { vm } from './vm.ts';

const { kind } = vm;

export const vmGroupCommands: readonly Command[] = [
  command({
    name: 'vmgroup-add',
    help: 'Puts a VM into a VM group, in a role.',
    args: [required(vm.id), required(intFormat('vmgroupid', 'OpenNebula VMGROUP id')), required(textFormat('role'))],
    run: (run, id, groupId, role) =>
      once(run, id, { kind, done: 'VM added to group' }, () => run.client.vm.vmgroupadd(id, groupId, role)),
  }),
  command({
    name: 'vmgroup-del',
    help: 'Takes a VM out of its VM group.',
    args: [required(vm.id)],
    run: (run, id) => once(run, id, { kind, done: 'VM removed from group' }, () => run.client.vm.vmgroupdel(id)),
  }),
];
