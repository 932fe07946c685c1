import { UPDATE } from '../../opennebula/client/constants.ts';
import type { Node } from '../document.ts';
import { idColumn, nameColumn } from './columns.ts';
import { command, optional, required, type Tool } from './command.ts';
import { FILE, RANGE, textFormat, USER_ID } from './formats.ts';
import { encodeRule } from './oneacl/rule-text.ts';
import { text } from './option.ts';
import { fieldWriter, heading, type Line, tableLines } from './output/page.ts';
import type { Table } from './output/table.ts';
import { templateDump } from './output/template-dump.ts';
import { quotaDump, quotaText } from './quota-text.ts';
import { quotaColumns, quotaLines } from './quotas.ts';
import { Refusal } from './refusal.ts';
import { fetchDocument, resource } from './resource.ts';
import type { Run } from './run.ts';
import { editText } from './text-source.ts';
import { forEach, once } from './verbs/each.ts';
import { type ListView, listCommands } from './verbs/list.ts';
import { plainVerb } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const group = resource('GROUP', 'group', 'group', 'groupid');
const { kind } = group;

const OWN_GROUP = -1;

const NAME = text({ name: 'name', short: '-n', long: '--name', argument: 'name', help: 'Name of the group' });
const ADMIN_USER = text({
  name: 'admin_user',
  short: '-u',
  long: '--admin_user',
  argument: 'name',
  help: 'Create an administrator of the group with this name',
});
const ADMIN_PASSWORD = text({
  name: 'admin_password',
  short: '-p',
  long: '--admin_password',
  argument: 'pass',
  help: 'Password of the administrator',
});
const ADMIN_DRIVER = text({
  name: 'admin_driver',
  short: '-d',
  long: '--admin_driver',
  argument: 'driver',
  help: 'How the administrator authenticates',
});
const RESOURCES = text({
  name: 'resources',
  short: '-r',
  long: '--resources',
  argument: 'res_str',
  help: 'What users of the group may create, as in VM+IMAGE',
});

export function groupTable({ pool }: ListView): Table<Node> {
  return {
    columns: [
      idColumn('Id of the group'),
      nameColumn('Name of the group'),
      { title: 'USERS', help: 'Number of users', width: 5, cell: (object) => object.ids('USERS').length },
      ...quotaColumns(pool, 'DEFAULT_GROUP_QUOTAS', { cpuWidth: 11, cpuDash: 4 }),
    ],
  };
}

const VLAN_TABLE: Table<Node> = {
  columns: [
    { title: 'VLAN_ID', width: 15, left: true, cell: (rule) => rule.get('ID') },
    { title: 'SCOPE', width: 15, left: true, cell: (rule) => rule.get('SCOPE') },
    { title: 'VNTEMPLATE', width: 15, left: true, cell: (rule) => rule.get('VNTEMPLATE') ?? '-' },
  ],
};

export function groupPage(object: Node): Line[] {
  const field = fieldWriter(15);
  const admins = new Set(object.ids('ADMINS'));
  const users: Table<string> = {
    columns: [
      { title: 'USER ID', width: 7, cell: (id) => id },
      { title: 'ADMIN', width: 5, left: true, cell: (id) => (admins.has(id) ? '*' : '') },
    ],
  };
  return [
    heading(`GROUP ${object.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', object.get('ID')),
    field('NAME', object.get('NAME')),
    '',
    heading('GROUP TEMPLATE'),
    templateDump(object.first('TEMPLATE')),
    '',
    ...tableLines(users, object.ids('USERS')),
    ...quotaLines(object, 'DEFAULT_GROUP_QUOTAS'),
    heading('VLAN RULES'),
    ...tableLines(VLAN_TABLE, object.all('VLAN_RULES/RULE')),
    '',
  ];
}

/** What users of a new group may create unless `--resources` says otherwise (src/oca/ruby/opennebula/group.rb, 7.4). */
const DEFAULT_RESOURCES = 'VM+IMAGE+TEMPLATE+DOCUMENT+SECGROUP+VROUTER+VMGROUP+BACKUPJOB';

const VIEWS = [
  'FIREEDGE=[VIEWS="cloud"',
  'DEFAULT_VIEW="cloud"',
  'GROUP_ADMIN_VIEWS=groupadmin',
  'GROUP_ADMIN_DEFAULT_VIEW=groupadmin]\n',
].join(',\n');

/** Rights to create, the administrator, and the views of the web interface; the group is deleted when one fails. */
async function createGroup(run: Run, name: string): Promise<number> {
  const { client } = run;
  const id = await client.group.allocate(name);
  const allow = async (rule: string) => {
    const [user = '', on = '', may = '', where] = encodeRule(rule);
    await client.acl.addrule(user, on, may, where);
  };
  try {
    await allow(`@${id} ${run.get(RESOURCES) ?? DEFAULT_RESOURCES}/* CREATE *`);
    const admin = run.get(ADMIN_USER);
    if (admin !== undefined) {
      const userId = await client.user.allocate(admin, run.get(ADMIN_PASSWORD) ?? '', run.get(ADMIN_DRIVER), [id]);
      await client.group.addadmin(id, userId);
    }
    await client.group.update(id, VIEWS, UPDATE.APPEND);
  } catch (error) {
    await client.group.delete(id).catch(() => {});
    throw error;
  }
  return id;
}

const create = command({
  name: 'create',
  help: [
    'Creates a group whose users may create VMs, images, templates and the like:',
    '  onegroup create staff',
    '  onegroup create --name staff --admin_user eve --admin_password secret --resources TEMPLATE+VM',
  ].join('\n'),
  args: [optional(textFormat('group_name'))],
  options: [NAME, ADMIN_USER, ADMIN_PASSWORD, ADMIN_DRIVER, RESOURCES],
  run: async (run, typed) => {
    const name = typed ?? run.get(NAME);
    if (run.has(ADMIN_USER) && !run.has(ADMIN_PASSWORD)) throw new Refusal('Admin user needs password');
    if (name === undefined) {
      throw new Refusal(
        'Please use either a group name or command arguments. Run onegroup create -h for more information',
      );
    }
    run.print(`ID: ${await createGroup(run, name)}`);
  },
});

function adminCommand(name: 'addadmin' | 'deladmin', help: string, done: string) {
  return command({
    name,
    help,
    args: [required(RANGE, group.idList), required(USER_ID)],
    run: (run, ids, userId) => forEach(run, ids, { kind, done }, (id) => run.client.group[name](id, userId)),
  });
}

const fetchGroup = (run: Run, id: number) => fetchDocument(run, 'one.group.info', id, false);

const quota = command({
  name: 'quota',
  help: 'Sets quotas of a group. Without a file the editor is started with what is there.',
  args: [required(group.id), optional(FILE)],
  run: (run, id, file) =>
    once(run, id, { kind, done: 'modified' }, async () => {
      await run.client.group.quota(id, await quotaText(run, file, () => fetchGroup(run, id)));
    }),
});

const batchQuota = command({
  name: 'batchquota',
  help: 'Sets the same quotas for several groups; those not named stay.',
  args: [required(RANGE, group.idList), optional(FILE)],
  run: async (run, ids, file) => {
    const changes = await quotaText(run, file, async () => undefined);
    return forEach(run, ids, { kind, done: 'modified' }, async (id) => {
      await run.client.group.quota(id, quotaDump(await fetchGroup(run, id)) + changes);
    });
  },
});

const defaultQuota = command({
  name: 'defaultquota',
  help: 'Sets the default quotas of groups. Without a file the editor is started with what is there.',
  args: [optional(FILE)],
  run: async (run, file) => {
    await run.client.groupquota.update(await quotaText(run, file, () => fetchDocument(run, 'one.groupquota.info')));
  },
});

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
    quota,
    batchQuota,
    defaultQuota,
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
