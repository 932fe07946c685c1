/** Which groups a user belongs to (src/rm/api/UserAPI.cc, 7.4). */
import type { Group } from '../objects/group.ts';
import { ONEADMIN_ID, type User } from '../objects/user.ts';
import { internal, notPossible, wrongParameter } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method } from './method.ts';

export const userGroupMethods: readonly Method[] = [
  defineMethod({
    name: 'one.user.chgrp',
    params: { id: int, gid: int },
    help: 'Changes a user’s primary group. He leaves the one before, unless he was in the new one already.',
    run(call, { id, gid }) {
      if (gid < 0) throw wrongParameter('Wrong group ID');
      const user = call.get('user', id);
      if (!user.groupIds.includes(gid)) {
        refuseManagedGroups(call, user, (text) => wrongParameter(text));
      }
      const group = call.get('group', gid);
      if (id === ONEADMIN_ID) {
        throw internal('user [0] oneadmin cannot be moved outside of the group [0] oneadmin');
      }
      call.authorize(call.on('user', user, 'MANAGE'), call.on('group', group, 'USE'));
      if (user.gid !== gid) call.cloud.transaction(() => call.cloud.pools.user.put(withPrimaryGroup(user, group)));
      return id;
    },
  }),
  defineMethod({
    name: 'one.user.addgroup',
    params: { id: int, gid: int },
    help: 'Makes a user a member of another group.',
    run(call, { id, gid }) {
      const user = editableGroups(call, id, gid);
      if (user.groupIds.includes(gid)) throw notPossible('User is already in this group');
      call.cloud.transaction(() => call.cloud.pools.user.put({ ...user, groupIds: [...user.groupIds, gid] }));
      return id;
    },
  }),
  defineMethod({
    name: 'one.user.delgroup',
    params: { id: int, gid: int },
    help: 'Ends a user’s membership of a group that is not his primary one.',
    run(call, { id, gid }) {
      const user = editableGroups(call, id, gid);
      if (!user.groupIds.includes(gid)) throw notPossible('User is not part of this group');
      if (user.gid === gid) throw notPossible('Cannot remove user from the primary group');
      const groupIds = user.groupIds.filter((other) => other !== gid);
      call.cloud.transaction(() => call.cloud.pools.user.put({ ...user, groupIds }));
      return id;
    },
  }),
];

function withPrimaryGroup(user: User, group: Group): User {
  const wasMember = user.groupIds.includes(group.id);
  const groupIds = wasMember ? user.groupIds : [...user.groupIds.filter((id) => id !== user.gid), group.id];
  return { ...user, gid: group.id, gname: group.name, groupIds };
}

function editableGroups(call: Call, id: number, gid: number): User {
  const user = call.get('user', id);
  refuseManagedGroups(call, user, (text) => notPossible(text));
  const group = call.get('group', gid);
  call.authorize(call.on('user', user, 'MANAGE'), call.on('group', group, 'MANAGE'));
  return user;
}

function refuseManagedGroups(call: Call, { authDriver }: User, refusal: (text: string) => Error): void {
  const entry = call.services.configuration.driver('AUTH_MAD_CONF', authDriver);
  if (entry?.DRIVER_MANAGED_GROUPS?.toUpperCase() === 'YES') {
    throw refusal(`Groups cannot be manually managed for auth driver ${authDriver}`);
  }
}
