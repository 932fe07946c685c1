/** `onegroup create`: a group, what its users may do, and its administrator. */
import { UPDATE } from '../../../opennebula/client/constants.ts';
import { command, optional } from '../command.ts';
import { textFormat } from '../formats.ts';
import { encodeRule } from '../oneacl/rule-text.ts';
import { text } from '../option.ts';
import { Refusal } from '../refusal.ts';
import type { Run } from '../run.ts';

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

export const create = command({
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
