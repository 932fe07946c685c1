/** A VM given away, locked, and ended; pools and accounting of it. */
import { ALICE, ALICE_SESSION, HOST, IMAGES, NET, SCIENCE, TINY, VM } from './objects.ts';
import { call, callAs, waitForVm } from './step.ts';

export const ownership = [
  call('rename', 'one.vm.rename', VM, 'vm-b'),
  call('update', 'one.vm.update', VM, 'NOTE="hello"', 1),
  call('chmod', 'one.vm.chmod', VM, -1, -1, -1, 1, -1, -1, -1, -1, -1),
  call('chown', 'one.vm.chown', VM, ALICE, SCIENCE),
  call('vm info owned', 'one.vm.info', VM, false),
  callAs(ALICE_SESSION, 'alice pool', 'one.vmpool.info', -3, -1, -1, -1),
  call('lock', 'one.vm.lock', VM, 4, false),
  call('terminate locked', 'one.vm.action', 'terminate', VM),
  call('unlock', 'one.vm.unlock', VM),
  call('monitoring', 'one.vm.monitoring', 999),
  call('template delete', 'one.template.delete', TINY, false),
  call('vn delete in use', 'one.vn.delete', NET, false),
  call('host delete in use', 'one.host.delete', HOST),
  call('ds delete in use', 'one.datastore.delete', IMAGES),
  call('terminate', 'one.vm.action', 'terminate', VM),
  waitForVm('done', VM, 6, 0),
  call('vm info done', 'one.vm.info', VM, false),
  call('terminate done', 'one.vm.action', 'terminate', VM),
  call('pool active', 'one.vmpool.info', -2, -1, -1, -1),
  call('pool all', 'one.vmpool.info', -2, -1, -1, -2),
  call('pool extended', 'one.vmpool.infoextended', -2, -1, -1, -2),
  call('accounting', 'one.vmpool.accounting', -2, -1, -1),
];
