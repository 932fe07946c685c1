/** `one.user.*` and `one.userpool.*` (src/rm/api/UserAPI.cc, 7.4). */
import { Template } from '../../opennebula/template.ts';
import { ONEADMIN_GROUP_ID, USERS_GROUP_ID } from '../objects/group.ts';
import { USER_NAME_CHARACTERS } from '../objects/names.ts';
import { NO_QUOTAS } from '../objects/quotas.ts';
import { ONEADMIN_ID, type User, userPoolXml } from '../objects/user.ts';
import { deleteRules } from '../resources/acl-rules.ts';
import { defaultQuotas } from '../resources/default-quotas.ts';
import { documentOf } from '../resources/documents.ts';
import { internal, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { listUsable } from './listing.ts';
import { boolean, defineMethod, int, ints, type Method, optional, secret, string } from './method.ts';
import { hashPassword, passwordProblem, randomToken } from './passwords.ts';
import { quotaMethod } from './quota.ts';
import { namingObstacle } from './standard/allocate.ts';
import { deleteMethod } from './standard/delete.ts';
import { getOrOwn } from './standard/info.ts';
import { updateMethod } from './standard/update.ts';
import { withOperationLists } from './vm-operations.ts';

export const userMethods: readonly Method[] = [
  defineMethod({
    name: 'one.user.allocate',
    params: { name: string, password: secret, driver: string, groups: optional(ints, []) },
    help: 'Makes a user. The first group is the primary one; without groups, users get into group 1.',
    run: (call, user) => allocateUser(call, user),
  }),
  defineMethod({
    name: 'one.user.info',
    params: { id: int, decrypt: optional(boolean, false) },
    help: 'Shows a user, with quotas; -1 is the caller.',
    run: (call, { id, decrypt }) =>
      documentOf(call.cloud, 'user', call.readable('user', getOrOwn(call, 'user', id), decrypt)),
  }),
  defineMethod({
    name: 'one.userpool.info',
    params: {},
    help: 'Lists the users that the caller may use, with quotas.',
    run: (call) => userPoolXml(listUsable(call, 'user'), defaultQuotas(call.cloud, 'user')),
  }),
  updateMethod('user', { restricted: 'USER_RESTRICTED_ATTR', apply: withOperationLists }),
  deleteMethod('user', {
    right: 'ADMIN',
    obstacle: (_, { id }) => (id === ONEADMIN_ID ? 'oneadmin cannot be deleted.' : undefined),
    alongWith: ({ cloud }, { id }) => {
      deleteRules(cloud, ({ user }) => user.sign === '#' && user.id === id);
      for (const group of [...cloud.pools.group.all()]) {
        const adminIds = group.adminIds.filter((admin) => admin !== id);
        if (adminIds.length < group.adminIds.length) cloud.pools.group.put({ ...group, adminIds });
      }
    },
  }),
  defineMethod({
    name: 'one.user.passwd',
    params: { id: int, password: secret },
    help: 'Sets a user’s password; login tokens end.',
    run(call, { id, password }) {
      const user = call.getAuthorized('user', id, 'MANAGE');
      const entry = call.services.configuration.driver('AUTH_MAD_CONF', user.authDriver);
      if (entry?.PASSWORD_CHANGE?.toUpperCase() !== 'YES' && !call.isAdmin) {
        throw notPossible(`Password for driver ${user.authDriver} cannot be changed.`);
      }
      return put(call, withPassword(user, password));
    },
  }),
  defineMethod({
    name: 'one.user.chauth',
    params: { id: int, driver: string, password: secret },
    help: 'Changes a user’s authentication driver; an empty password stays what it is.',
    run(call, { id, driver, password }) {
      const user = { ...call.getAuthorized('user', id, 'ADMIN'), authDriver: driver };
      return put(call, password === '' ? user : withPassword(user, password));
    },
  }),
  defineMethod({
    name: 'one.user.enable',
    params: { id: int, enable: boolean },
    help: 'Lets a user in, or keeps him out.',
    run(call, { id, enable }) {
      const user = call.getAuthorized('user', id, 'ADMIN');
      if (id === ONEADMIN_ID) throw notPossible('Cannot enable/disable oneadmin user');
      return put(call, { ...user, enabled: enable });
    },
  }),
  quotaMethod('user'),
];

interface NewUser {
  readonly name: string;
  readonly password: string;
  readonly driver: string;
  readonly groups: readonly number[];
}

function allocateUser(call: Call, { name, password, driver, groups }: NewUser): number {
  const members = groups.map((id) => call.get('group', id));
  const others = members.filter(({ id }) => id !== call.gid);
  call.authorize(call.creation('user'), ...others.map((group) => call.on('group', group, 'MANAGE')));
  const authDriver = driver === '' ? 'core' : driver;
  const passwordRequired =
    call.services.configuration.driver('AUTH_MAD_CONF', authDriver)?.PASSWORD_REQUIRED?.toUpperCase() !== 'NO';
  const problem = passwordRequired ? passwordProblem(authDriver, password) : undefined;
  if (problem !== undefined) throw internal(`${problem}.`);
  const obstacle = namingObstacle(call, 'user', name, -1, USER_NAME_CHARACTERS);
  if (obstacle !== undefined) throw internal(obstacle.endsWith('.') ? obstacle : `${obstacle}.`);
  const primary = members[0] ?? call.get('group', call.gid === ONEADMIN_GROUP_ID ? USERS_GROUP_ID : call.gid);
  const { user: pool } = call.cloud.pools;
  return call.cloud.transaction(
    () =>
      pool.put({
        id: pool.nextId(),
        name,
        gid: primary.id,
        gname: primary.name,
        groupIds: [...new Set([primary.id, ...groups])],
        password: keptPassword(authDriver, password),
        authDriver,
        enabled: true,
        tokens: [],
        template: new Template([['TOKEN_PASSWORD', randomToken()]]),
        quotas: NO_QUOTAS,
      }).id,
  );
}

function withPassword(user: User, password: string): User {
  const problem = passwordProblem(user.authDriver, password);
  if (problem !== undefined) throw notPossible(problem);
  return { ...user, password: keptPassword(user.authDriver, password), tokens: [] };
}

/** Only driver `core` keeps a digest; the others keep what they were given. */
function keptPassword(authDriver: string, password: string): string {
  return authDriver === 'core' ? hashPassword(password) : password;
}

function put(call: Call, user: User): number {
  call.cloud.transaction(() => call.cloud.pools.user.put(user));
  return user.id;
}
