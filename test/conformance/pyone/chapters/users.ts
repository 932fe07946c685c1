/** Users and groups, their passwords and quotas. */
import { type Chapter, fails, missing, NOBODY, works } from '../step.ts';
import { updated } from './standard.ts';

const ALICE = 'alice:wonderland';

const alice = { kind: 'user', title: 'user', type: 'USER', id: '{alice}' };
const crew = { kind: 'group', title: 'group', type: 'GROUP', id: '{crew}' };

export const users: Chapter = {
  title: 'users and groups',
  steps: [
    works('group.allocate', ['crew'], { as: 'crew' }),
    fails('group.allocate', ['crew'], 'OneInternalException', 'NAME is already taken by GROUP 100.'),
    works('group.info', ['{crew}'], { gives: { ID: 100, NAME: 'crew', USERS: { ID: [] }, ADMINS: { ID: [] } } }),
    works('group.info', [-1], { gives: { NAME: 'oneadmin' } }),
    missing('group.info', 'group'),
    ...updated(crew),
    works('grouppool.info', [], { gives: { GROUP: [{ NAME: 'crew' }, { NAME: 'users' }, { NAME: 'oneadmin' }] } }),

    works('user.allocate', ['alice', 'wonderland', '', []], { as: 'alice' }),
    works('user.allocate', ['bob', 'builder', 'core', [100, 1]], { as: 'bob' }),
    fails('user.allocate', ['alice', 'x', '', []], 'OneInternalException', 'NAME is already taken by USER 2.'),
    fails('user.allocate', ['carol', '', '', []], 'OneInternalException', 'Invalid password, it cannot be empty.'),
    fails('user.allocate', ['carol', 'x', '', []], 'OneAuthorizationException', undefined, { user: ALICE }),
    works('user.info', ['{alice}'], {
      gives: { NAME: 'alice', GID: 1, GNAME: 'users', GROUPS: { ID: [1] }, AUTH_DRIVER: 'core', ENABLED: 1 },
    }),
    works('user.info', ['{bob}'], { gives: { GID: 100, GROUPS: { ID: [1, 100] } } }),
    works('user.info', [-1], { gives: { NAME: 'alice' }, user: ALICE }),
    missing('user.info', 'user'),
    fails(
      'user.info',
      ['{bob}'],
      'OneAuthorizationException',
      'User [{alice}] : Not authorized to perform USE USER [{bob}].',
      {
        user: ALICE,
      },
    ),
    ...updated(alice),
    works('userpool.info', [], {
      gives: { USER: [{ NAME: 'bob' }, { NAME: 'alice' }, { NAME: 'serveradmin' }, { NAME: 'oneadmin' }] },
    }),
    works('userpool.info', [], { gives: { USER: [{ NAME: 'alice' }] }, user: ALICE }),

    works('user.passwd', ['{alice}', 'looking-glass'], { user: ALICE }),
    fails('user.info', [-1], 'OneAuthenticationException', undefined, { user: ALICE }),
    works('user.passwd', ['{alice}', 'wonderland']),
    fails('user.passwd', ['{bob}', 'mine'], 'OneAuthorizationException', undefined, { user: ALICE }),
    works('user.chauth', ['{alice}', 'public', '']),
    works('user.info', ['{alice}'], { gives: { AUTH_DRIVER: 'public' } }),
    works('user.chauth', ['{alice}', 'core', 'wonderland']),
    missing('user.chauth', 'user', 'core', ''),
    works('user.enable', ['{alice}', false]),
    fails('user.info', [-1], 'OneAuthenticationException', undefined, { user: ALICE }),
    works('user.enable', ['{alice}', true]),
    missing('user.enable', 'user', true),
    works('user.login', ['alice', 'tea-time', 3600, -1], { gives: 'tea-time', user: ALICE }),
    works('user.info', [-1], { gives: { NAME: 'alice' }, user: 'alice:tea-time' }),
    fails('user.login', ['bob', '', 3600, -1], 'OneAuthorizationException', undefined, { user: ALICE }),

    works('user.addgroup', ['{alice}', '{crew}']),
    works('user.info', ['{alice}'], { gives: { GROUPS: { ID: [1, 100] } } }),
    fails('user.addgroup', ['{alice}', NOBODY], 'OneNoExistsException', `Error getting group [${NOBODY}].`),
    missing('user.addgroup', 'user', '{crew}'),
    works('user.delgroup', ['{alice}', '{crew}']),
    fails('user.delgroup', ['{alice}', 1], 'OneActionException', 'Cannot remove user from the primary group'),
    missing('user.delgroup', 'user', '{crew}'),
    works('user.chgrp', ['{alice}', '{crew}']),
    works('user.info', ['{alice}'], { gives: { GID: 100, GNAME: 'crew' } }),
    missing('user.chgrp', 'user', 1),
    works('group.addadmin', ['{crew}', '{alice}']),
    works('group.info', ['{crew}'], { gives: { ADMINS: { ID: [2] } } }),
    missing('group.addadmin', 'group', '{alice}'),
    works('group.deladmin', ['{crew}', '{alice}']),
    missing('group.deladmin', 'group', '{alice}'),
    works('user.chgrp', ['{alice}', 1]),

    works('user.quota', ['{alice}', 'VM = [VMS = "2", CPU = "1.5", MEMORY = "1024"]']),
    works('user.info', ['{alice}'], { gives: { VM_QUOTA: { VM: [{ VMS: '2', CPU: '1.50', MEMORY: '1024' }] } } }),
    fails('user.quota', ['{alice}', 'VM = [VMS = "-5"]'], 'OneActionException'),
    missing('user.quota', 'user', 'VM = [VMS = "2"]'),
    works('user.quota', ['{alice}', 'VM = [VMS = "-1", CPU = "-1", MEMORY = "-1"]']),
    works('group.quota', ['{crew}', 'VM = [VMS = "3"]']),
    works('group.info', ['{crew}'], { gives: { VM_QUOTA: { VM: [{ VMS: '3' }] } } }),
    fails('group.quota', [NOBODY, 'VM = [VMS = "3"]'], 'OneAuthorizationException'),
    works('group.vlan', ['{crew}', 'RULE = [ID = "1-100", SCOPE = "VLAN_ID"]']),
    works('group.info', ['{crew}'], {
      gives: { VLAN_RULES: { RULE: [{ ID: '1-100', SCOPE: 'VLAN_ID', VNTEMPLATE: '-1' }] } },
    }),
    fails('group.vlan', ['{crew}', 'RULE = [ID = "1"]'], 'OneActionException', 'Wrong SCOPE in rule.'),
    missing('group.vlan', 'group', ''),
    works('userquota.info', [], { unbound: ['DEFAULT_USER_QUOTAS'] }),
    works('userquota.update', ['VM = [VMS = "50"]'], { unbound: ['DEFAULT_USER_QUOTAS'] }),
    fails('userquota.update', ['VM = [VMS = "50"]'], 'OneAuthorizationException', undefined, { user: ALICE }),
    works('userquota.update', ['VM = [VMS = "-2"]'], { unbound: ['DEFAULT_USER_QUOTAS'] }),
    works('groupquota.info', [], { unbound: ['DEFAULT_GROUP_QUOTAS'] }),
    works('groupquota.update', ['VM = [VMS = "60"]'], { unbound: ['DEFAULT_GROUP_QUOTAS'] }),
    fails('groupquota.update', ['VM = [VMS = "60"]'], 'OneAuthorizationException', undefined, { user: ALICE }),
    works('groupquota.update', ['VM = [VMS = "-2"]'], { unbound: ['DEFAULT_GROUP_QUOTAS'] }),

    fails('group.delete', ['{crew}'], 'OneActionException', 'Cannot delete group. Group 100 is not empty.'),
    fails('group.delete', [1], 'OneActionException'),
    fails('user.delete', [0], 'OneActionException', 'Cannot delete user. oneadmin cannot be deleted.'),
    works('user.delete', ['{bob}']),
    missing('user.delete', 'user'),
    works('group.delete', ['{crew}']),
    missing('group.delete', 'group'),
  ],
};
