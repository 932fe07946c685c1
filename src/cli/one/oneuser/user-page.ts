/** The table of users and the page of one. */
import type { Node } from '../../document.ts';
import { idColumn, nameColumn } from '../columns.ts';
import { fieldWriter, heading, type Line, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';
import { timestampText } from '../output/times.ts';
import { yesNo } from '../output/units.ts';
import { quotaColumns, quotaLines } from '../quotas.ts';
import type { ListView } from '../verbs/list.ts';

export function userTable({ pool, numeric }: ListView): Table<Node> {
  return {
    columns: [
      idColumn('ONE identifier for the User'),
      nameColumn('Name of the User', 10),
      {
        title: 'ENABLED',
        help: 'User is enabled',
        width: 4,
        left: true,
        cell: (user) => (user.get('ENABLED') === '1' ? 'yes' : 'no'),
      },
      {
        title: 'GROUP',
        help: 'Group of the User',
        width: 8,
        left: true,
        cell: (user) => user.get(numeric ? 'GID' : 'GNAME'),
      },
      {
        title: 'AUTH',
        help: 'Auth driver of the User',
        width: 8,
        left: true,
        cell: (user) => user.get('AUTH_DRIVER'),
      },
      ...quotaColumns(pool, 'DEFAULT_USER_QUOTAS', { cpuWidth: 10, cpuDash: 3 }),
      { title: 'PASSWORD', help: 'Password of the User', width: 50, cell: (user) => user.get('PASSWORD') },
    ],
    defaults: ['ID', 'NAME', 'ENABLED', 'GROUP', 'AUTH', 'VMS', 'MEMORY', 'CPU', 'PCI'],
  };
}

/** @param groupNames  names of the groups of tokens, by id */
export function userPage(user: Node, groupNames: ReadonlyMap<string, string>, now: number): Line[] {
  const field = fieldWriter(16);
  const groups = user.ids('GROUPS');
  const tokens = user.all('LOGIN_TOKEN');
  return [
    heading(`USER ${user.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', user.get('ID')),
    field('NAME', user.get('NAME')),
    field('GROUP', user.get('GNAME')),
    ...(groups.length > 1 ? [field('SECONDARY GROUPS', groups.join(','))] : []),
    field('PASSWORD', user.get('PASSWORD')),
    field('AUTH_DRIVER', user.get('AUTH_DRIVER')),
    field('ENABLED', yesNo(user.get('ENABLED'))),
    '',
    heading('TOKENS'),
    ...(tokens.length > 0 ? tableLines(tokenTable(user, groupNames, now), tokens) : []),
    '',
    heading('USER TEMPLATE'),
    templateDump(user.first('TEMPLATE')),
    ...quotaLines(user, 'DEFAULT_USER_QUOTAS'),
  ];
}

const ANY_GROUP = '-1';
const FOR_EVER = '-1';

/** The group that objects made with a token belong to. */
export function tokenGroup(token: Node, user: Node): string {
  const groupId = token.get('EGID') ?? ANY_GROUP;
  return groupId === ANY_GROUP ? (user.get('GID') ?? '') : groupId;
}

function tokenTable(user: Node, groupNames: ReadonlyMap<string, string>, now: number): Table<Node> {
  return {
    columns: [
      { title: 'ID', width: 7, cell: (token) => token.get('TOKEN') },
      {
        title: 'EGID',
        width: 5,
        left: true,
        cell: (token) => `${token.get('EGID') === ANY_GROUP ? '*' : ''}${tokenGroup(token, user)}`,
      },
      { title: 'EGROUP', width: 10, left: true, cell: (token) => groupNames.get(tokenGroup(token, user)) ?? '-' },
      {
        title: 'EXPIRATION',
        width: 20,
        left: true,
        cell: (token) => {
          const time = token.get('EXPIRATION_TIME');
          if (time === undefined) return '';
          if (time === FOR_EVER) return 'forever';
          return Number(time) <= now ? 'expired' : timestampText(Number(time));
        },
      },
    ],
  };
}
