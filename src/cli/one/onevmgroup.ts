/** onevmgroup: VMs in roles that are kept together on hosts, or apart. */
import { type Command, command, optional, required, type Tool } from './command.ts';
import { FILE } from './formats.ts';
import { partFormat } from './lookup.ts';
import { rolesOf, vmgroupPage, vmgroupTable } from './onevmgroup/vmgroup-page.ts';
import { templateDump } from './output/template-dump.ts';
import { Refusal } from './refusal.ts';
import { fetchDocument, resource } from './resource.ts';
import { updatedText } from './text-source.ts';
import { once } from './verbs/each.ts';
import { listCommands } from './verbs/list.ts';
import { lockCommands, ownerCommands, plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const vmgroup = resource('VM_GROUP', 'vmgroup', 'VM group', 'vmgroupid');

const { kind } = vmgroup;

const ROLE_ID = partFormat({ name: 'roleid', help: 'Role name or id' }, 'vmgroup', 'ROLES/ROLE', 'ID', (name) => {
  return `${name} not found or duplicated`;
});

const create = command({
  name: 'create',
  help: 'Creates a VM group from a template, in a file or piped in.',
  args: [optional(FILE)],
  run: async (run, file) => {
    const template = file ?? (await run.io.readStdin('only-source'));
    if (template === '') throw new Refusal('No VM Group description provided');
    run.print(`ID: ${await run.client.vmgroup.allocate(template)}`);
  },
});

/** Attributes of a role, which may be given without the `ROLE = [ ]` around them. */
function roleText(text: string): string {
  if (text.replaceAll(' ', '').includes('ROLE=[')) return text;
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return `ROLE=[\n${lines.join(',\n')}]`;
}

const roleCommands: readonly Command[] = [
  command({
    name: 'role-add',
    help: 'Adds a role to a VM group, from a template in a file or piped in.',
    args: [required(vmgroup.id), optional(FILE)],
    run: async (run, id, file) => {
      const role = roleText(file ?? (await run.io.readStdin('only-source')));
      return once(run, id, { kind, done: 'Role added' }, () => run.client.vmgroup.roleadd(id, role));
    },
  }),
  command({
    name: 'role-delete',
    help: 'Takes a role out of a VM group.',
    args: [required(vmgroup.id), required(ROLE_ID)],
    run: (run, id, roleId) =>
      once(run, id, { kind, done: 'Role removed' }, () => run.client.vmgroup.roledelete(id, roleId)),
  }),
  command({
    name: 'role-update',
    help: 'Changes a role of a VM group. Without a file the editor is started with what is there.',
    args: [required(vmgroup.id), required(ROLE_ID), optional(FILE)],
    run: (run, id, roleId, file) =>
      once(run, id, { kind, done: 'Role updated' }, async () => {
        const present = async () => {
          const group = await fetchDocument(run, 'one.vmgroup.info', id, false);
          return templateDump(rolesOf(group).find((role) => role.int('ID') === roleId));
        };
        await run.client.vmgroup.roleupdate(id, roleId, roleText(await updatedText(run, file, present)));
      }),
  }),
];

export const onevmgroup: Tool = {
  name: 'onevmgroup',
  commands: [
    create,
    plainVerb(vmgroup, { name: 'delete', help: 'Deletes VM groups.', done: 'deleted' }, ({ client }, id) =>
      client.vmgroup.delete(id),
    ),
    ...roleCommands,
    ...ownerCommands(vmgroup),
    ...lockCommands(vmgroup, 'VMGroup'),
    renameCommand(vmgroup),
    updateCommand(vmgroup),
    ...listCommands({
      title: vmgroup.title,
      table: vmgroupTable,
      fetch: (run, filterFlag) => fetchDocument(run, 'one.vmgrouppool.info', filterFlag, -1, -1),
      hasFilterFlag: true,
    }),
    showCommand({ resource: vmgroup, page: vmgroupPage, options: [] }),
  ],
};
