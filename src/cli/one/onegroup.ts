/** onegroup: groups of users. */
import { command, optional, required, type Tool } from './command.ts';
import { FILE, RANGE, USER_ID } from './formats.ts';
import { create } from './onegroup/create.ts';
import { groupPage, groupTable } from './onegroup/group-page.ts';
import { templateDump } from './output/template-dump.ts';
import { quotaCommands } from './quota-commands.ts';
import { fetchDocument, resource } from './resource.ts';
import type { Run } from './run.ts';
import { editText } from './text-source.ts';
import { forEach, once } from './verbs/each.ts';
import { listCommands } from './verbs/list.ts';
import { plainVerb } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const group = resource('GROUP', 'group', 'group', 'groupid');

const { kind } = group;

const OWN_GROUP = -1;

function adminCommand(name: 'addadmin' | 'deladmin', help: string, done: string) {
  return command({
    name,
    help,
    args: [required(RANGE, group.idList), required(USER_ID)],
    run: (run, ids, userId) => forEach(run, ids, { kind, done }, (id) => run.client.group[name](id, userId)),
  });
}

const fetchGroup = (run: Run, id: number) => fetchDocument(run, 'one.group.info', id, false);

const vlan = command({
  name: 'vlan',
  help: 'Sets the VLAN rules of a group. Without a file the editor is started with what is there.',
  args: [required(group.id), optional(FILE)],
  run: (run, id, file) =>
    once(run, id, { kind, done: 'modified' }, async () => {
      const present = async () =>
        templateDump((await fetchGroup(run, id)).without('VLAN_RULES', ['ID']).first('VLAN_RULES'));
      await run.client.group.vlan(id, file ?? (await editText(run, await present())));
    }),
});

export const onegroup: Tool = {
  name: 'onegroup',
  commands: [
    create,
    plainVerb(group, { name: 'delete', help: 'Deletes groups.', done: 'deleted' }, ({ client }, id) =>
      client.group.delete(id),
    ),
    adminCommand('addadmin', 'Makes a user an administrator of groups.', 'admin added'),
    adminCommand('deladmin', 'Makes a user no administrator of groups any more.', 'admin deleted'),
    ...quotaCommands(group),
    vlan,
    updateCommand(group),
    ...listCommands({
      title: group.title,
      table: groupTable,
      fetch: (run) => fetchDocument(run, 'one.grouppool.info'),
    }),
    showCommand({ resource: group, page: groupPage, defaultId: OWN_GROUP, options: [] }),
  ],
};
