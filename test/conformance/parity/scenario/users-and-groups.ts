/** Users, groups, quotas, and what a user without rights gets. */
import { ALICE, ALICE_SESSION, SCIENCE } from './objects.ts';
import { call, callAs } from './step.ts';

export const usersAndGroups = [
  call('user create', 'one.user.allocate', 'alice', 'secret', 'core', []),
  call('user duplicate', 'one.user.allocate', 'alice', 'x', 'core', []),
  call('user empty name', 'one.user.allocate', '', 'x', 'core', []),
  call('user info', 'one.user.info', ALICE, false),
  call('group create', 'one.group.allocate', 'science'),
  call('group duplicate', 'one.group.allocate', 'science'),
  call('user addgroup', 'one.user.addgroup', ALICE, SCIENCE),
  call('user chgrp', 'one.user.chgrp', ALICE, SCIENCE),
  call('user info 2', 'one.user.info', ALICE, false),
  call('group info', 'one.group.info', SCIENCE, false),
  call('user update', 'one.user.update', ALICE, 'EMAIL="a@b.c"\nTAGS=[A="1",B="x y"]', 1),
  call('user info 3', 'one.user.info', ALICE, false),
  call('user quota', 'one.user.quota', ALICE, 'VM=[VMS="2",CPU="4",MEMORY="2048",SYSTEM_DISK_SIZE="-1"]'),
  call('user info quota', 'one.user.info', ALICE, false),
  callAs(ALICE_SESSION, 'alice whoami', 'one.user.info', -1, false),
  callAs(ALICE_SESSION, 'alice user pool', 'one.userpool.info'),
  callAs(ALICE_SESSION, 'alice host create', 'one.host.allocate', 'h', 'dummy', 'dummy', 0),
  callAs(ALICE_SESSION, 'alice host pool', 'one.hostpool.info'),
];
