/** VMs with NICs whose network the scheduler chooses, while no address can be had. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const VM = 'CPU=1\nMEMORY=64\nNIC=[NETWORK_MODE=auto]\n';

let one: CloudInProcess;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock();
  one = await startCloudInProcess({ clock });
  await one.host('dummy-1');
  // What datastores report makes room as well, and is not to be what lets a VM go.
  await one.until(() => [1, 2].every((id) => (one.cloud.pools.datastore.get(id)?.totalMb ?? 0) > 0));
});

afterEach(() => one[Symbol.asyncDispose]());

const network = (size: number) =>
  one.oneadmin.call('one.vn.allocate', `NAME=n\nVN_MAD=dummy\nBRIDGE=b\nAR=[TYPE=IP4,IP=10.0.0.1,SIZE=${size}]\n`, -1);
const told = async (id: number) => {
  await nextTurn();
  clock.advance(1);
  await one.until(() => one.cloud.pools.vm.get(id)?.userTemplate.get('SCHED_MESSAGE') !== undefined);
};

it('start at once, by no clock, when an address is held no more', async () => {
  await network(1);
  await one.oneadmin.call('one.vn.hold', 0, 'LEASES=[IP=10.0.0.1]');
  const vm = await one.oneadmin.call('one.vm.allocate', VM, false);
  await told(vm);
  await one.oneadmin.call('one.vn.release', 0, 'LEASES=[IP=10.0.0.1]');
  await one.until(() => one.cloud.pools.vm.get(vm)?.phase === 'RUNNING');
});

it('are not tried again for one another’s attempts, where a quota refuses them', async () => {
  await network(9);
  await one.oneadmin.call('one.vn.chmod', 0, -1, -1, -1, -1, -1, -1, 1, -1, -1);
  const ada = await one.user('ada');
  await one.oneadmin.call('one.user.quota', ada.id, 'NETWORK=[ID=0,LEASES=0]\n');
  const ids = await Promise.all([1, 2].map(() => ada.call('one.vm.allocate', VM, false)));
  for (const id of ids) await told(id);
  for (let turn = 0; turn < 5; turn++) await nextTurn();
  // Each attempt takes the next address, though it comes to nothing.
  const next = () => one.cloud.pools.vnet.get(0)?.ranges[0]?.nextIndex;
  const before = next();
  for (let turn = 0; turn < 5; turn++) {
    await nextTurn();
    expect(next()).toBe(before);
  }
});
