/** oneuser: users, how they authenticate and what they may use. */
import type { Node } from '../document.ts';
import { type Command, command, optional, required, type Tool } from './command.ts';
import { GROUP_ID, RANGE, textFormat } from './formats.ts';
import { findIds } from './names.ts';
import { AUTH_OPTIONS, driver, KEY, password, publicKey } from './oneuser/password.ts';
import { tokenCommands } from './oneuser/token-commands.ts';
import { tokenGroup, userPage, userTable } from './oneuser/user-page.ts';
import { converted } from './option.ts';
import { CSV } from './options/list.ts';
import type { Line } from './output/page.ts';
import { printTable } from './output/table.ts';
import { templateDump } from './output/template-dump.ts';
import { quotaCommands } from './quota-commands.ts';
import { Refusal } from './refusal.ts';
import { fetchDocument, resource } from './resource.ts';
import type { Run } from './run.ts';
import { printPaged } from './terminal.ts';
import { forEach, once } from './verbs/each.ts';
import { listCommands, membersOf } from './verbs/list.ts';
import { plainVerb } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const user = resource('USER', 'user', 'user', 'userid');

const { kind } = user;

const SELF = -1;

const GROUPS = converted(
  {
    name: 'group',
    long: '--group',
    argument: 'id|name',
    help: 'Groups of the user with commas, the first of them the primary one',
  },
  (typed, run) => findIds(run, 'GROUP', typed),
);

const PASSWORD = textFormat('password', 'User password');

const USER_ID = user.id;

const create = command({
  name: 'create',
  help: [
    'Creates a user:',
    '  oneuser create eve secret',
    '  oneuser create eve secret --group users,102',
    '  oneuser create eve --ssh --key ~/.ssh/id_rsa',
  ].join('\n'),
  args: [required(textFormat('username')), optional(PASSWORD)],
  options: [GROUPS, ...AUTH_OPTIONS],
  run: async (run, name, typed) => {
    const id = await run.client.user.allocate(name, password(run, typed), driver(run) ?? 'core', run.get(GROUPS));
    run.print(`ID: ${id}`);
  },
});

const passwd = command({
  name: 'passwd',
  help: "Changes a user's password.",
  args: [required(USER_ID), optional(PASSWORD)],
  options: AUTH_OPTIONS,
  run: (run, id, typed) =>
    once(run, id, { kind, done: 'Password changed' }, () => run.client.user.passwd(id, password(run, typed))),
});

const chauth = command({
  name: 'chauth',
  help: 'Changes how a user authenticates, and the password where one is given.',
  args: [required(USER_ID), optional(textFormat('auth')), optional(PASSWORD)],
  options: AUTH_OPTIONS,
  run: (run, id, typedDriver, typed) => {
    const wanted = driver(run) ?? typedDriver;
    if (wanted === undefined) throw new Refusal('An Auth driver should be specified');
    return once(run, id, { kind, done: 'Auth driver and password changed' }, () =>
      run.client.user.chauth(id, wanted, password(run, typed)),
    );
  },
});

function groupCommand(name: 'chgrp' | 'addgroup' | 'delgroup', help: string, done: string) {
  return command({
    name,
    help,
    args: [required(RANGE, user.idList), required(GROUP_ID)],
    run: (run, ids, groupId) => forEach(run, ids, { kind, done }, (id) => run.client.user[name](id, groupId)),
  });
}

const fetchUser = (run: Run, id: number) => fetchDocument(run, 'one.user.info', id, false);

const umask = command({
  name: 'umask',
  help: 'Sets which permissions new objects of users do not get, as in 177; without a mask the default is used again.',
  args: [required(RANGE, user.idList), optional(textFormat('mask'))],
  run: (run, ids, mask) =>
    forEach(run, ids, { kind, done: 'umask changed' }, async (id) => {
      const template = (await fetchUser(run, id)).without('TEMPLATE', ['UMASK']).first('TEMPLATE');
      await run.client.user.update(id, `${templateDump(template)}${mask ? `\nUMASK = ${mask}` : ''}`);
    }),
});

const key = command({
  name: 'key',
  help: 'Prints the public half of a private SSH key, which is the password for authentication by SSH.',
  options: [KEY],
  run: async (run) => run.print(publicKey(run, run.get(KEY) ?? `${run.io.env.HOME}/.ssh/id_rsa`)),
});

const encode = command({
  name: 'encode',
  help: 'Prints a user and a password as they are written for ldap.',
  args: [required(textFormat('username')), optional(PASSWORD)],
  run: async (run, name, typed) => run.print([name, typed ?? []].flat().map(encodeURI).join(':')),
});

const passwdSearch = command({
  name: 'passwdsearch',
  help: 'Lists the users that authenticate in a certain way and are stored with a certain password.',
  args: [required(textFormat('driver')), required(PASSWORD)],
  options: [CSV],
  run: async (run, authDriver, stored) => {
    const pool = await fetchDocument(run, 'one.userpool.info');
    const table = userTable({ pool, now: run.io.now(), numeric: false, kilobytes: false, facts: new Map() });
    const printed = printTable(table, membersOf(pool), {
      list: ['ID', 'NAME', 'AUTH', 'PASSWORD'],
      filter: [`AUTH=${authDriver}`, `PASSWORD=${stored}`],
      csv: run.get(CSV),
    });
    await printPaged(run, printed, { isPaged: false });
  },
});

/** Names of the groups of the user's tokens; a group that cannot be seen has none. */
async function page(document: Node, run: Run): Promise<Line[]> {
  const groupIds = new Set(document.all('LOGIN_TOKEN').map((token) => tokenGroup(token, document)));
  const names = await Promise.all(
    [...groupIds].map(async (id): Promise<[string, string]> => {
      return [
        id,
        await run.client.group.info(Number(id)).then(
          ({ name }) => name,
          () => '-',
        ),
      ];
    }),
  );
  return userPage(document, new Map(names), run.io.now());
}

const commands: readonly Command[] = [
  create,
  passwd,
  chauth,
  groupCommand('chgrp', 'Changes the primary group of users.', 'Group changed'),
  groupCommand('addgroup', 'Adds users to a secondary group.', 'group added'),
  groupCommand('delgroup', 'Removes users from a secondary group.', 'group deleted'),
  plainVerb(user, { name: 'delete', help: 'Deletes users.', done: 'deleted' }, ({ client }, id) =>
    client.user.delete(id),
  ),
  plainVerb(user, { name: 'enable', help: 'Lets users log in.', done: 'enabled' }, ({ client }, id) =>
    client.user.enable(id, true),
  ),
  plainVerb(user, { name: 'disable', help: 'Keeps users from logging in.', done: 'disabled' }, ({ client }, id) =>
    client.user.enable(id, false),
  ),
  ...quotaCommands(user),
  umask,
  key,
  encode,
  passwdSearch,
  ...tokenCommands,
  updateCommand(user),
  ...listCommands({
    title: user.title,
    table: userTable,
    fetch: (run) => fetchDocument(run, 'one.userpool.info'),
  }),
  showCommand({ resource: user, page, defaultId: SELF }),
];

export const oneuser: Tool = { name: 'oneuser', commands };
