/** VMs that find no place or cannot be made; rules, quotas and removals. */
import { ALICE, ALICE_SESSION, HOST, PENDING, SCIENCE } from './objects.ts';
import { call, callAs, waitForVm } from './step.ts';

export const refusals = [
  call('vm pending', 'one.vm.allocate', 'NAME="big"\nCPU="10000"\nMEMORY="64"', false),
  call('vm pending info', 'one.vm.info', PENDING, false),
  call('deploy enforce', 'one.vm.deploy', PENDING, HOST, true, -1, ''),
  call('terminate pending', 'one.vm.action', 'terminate', PENDING),
  waitForVm('pending done', PENDING, 6, 0),
  call('vm no cpu', 'one.vm.allocate', 'NAME="nocpu"\nMEMORY="64"', false),
  call('vm no memory', 'one.vm.allocate', 'NAME="nomem"\nCPU="1"', false),
  call('vm bad image', 'one.vm.allocate', 'NAME="bi"\nCPU="1"\nMEMORY="64"\nDISK=[IMAGE_ID="777"]', false),
  call('vm bad net', 'one.vm.allocate', 'NAME="bn"\nCPU="1"\nMEMORY="64"\nNIC=[NETWORK="nonet"]', false),
  call('acl add', 'one.acl.addrule', '0x100000002', '0x2400000000', '0x1'),
  call('acl info', 'one.acl.info'),
  call('acl del', 'one.acl.delrule', 999),
  callAs(ALICE_SESSION, 'alice quota vm1', 'one.vm.allocate', 'NAME="q1"\nCPU="1"\nMEMORY="1024"', true),
  callAs(ALICE_SESSION, 'alice quota mem', 'one.vm.allocate', 'NAME="q2"\nCPU="1"\nMEMORY="2000"', true),
  call('alice quota info', 'one.user.info', ALICE, false),
  call('user delete owner', 'one.user.delete', ALICE),
  call('oneadmin delete', 'one.user.delete', 0),
  call('group delete', 'one.group.delete', SCIENCE),
];
