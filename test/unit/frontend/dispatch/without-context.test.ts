import { expect, it, vi } from 'vitest';
import { InProcessDrivers } from '../../../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../../../src/drivers/services.ts';
import { driverTable } from '../../../../src/drivers/table.ts';
import { startCloudInProcess } from '../../../support/cloud-in-process.ts';

it('drivers are told of the NICs of a running VM without CONTEXT too, as by one_vmm_exec', async () => {
  const inner = new InProcessDrivers(driverTable, openServices());
  const calls: (readonly string[])[] = [];
  await using one = await startCloudInProcess({
    drivers: {
      has: (family, driver) => inner.has(family, driver),
      run(call) {
        if (/reconfigure|context/.test(call.action)) calls.push([call.action, ...call.argv]);
        return inner.run(call);
      },
      monitor: (...watched) => inner.monitor(...watched),
      [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    },
  });
  await one.host('h1');
  const vm = await one.oneadmin.call<number>('one.vm.allocate', 'CPU=1\nMEMORY=64\n', false);
  const runs = () =>
    vi.waitUntil(() => one.cloud.pools.vm.get(vm)?.phase === 'RUNNING', { timeout: 20_000, interval: 5 });
  await runs();
  const network = 'NAME="n"\nVN_MAD="dummy"\nBRIDGE="b"\nAR=[TYPE="IP4",IP="10.0.0.1",SIZE="5"]\n';
  const id = await one.oneadmin.call('one.vn.allocate', network, -1);
  await one.oneadmin.call('one.vm.attachnic', vm, `NIC=[NETWORK_ID="${id}"]\n`);
  await vi.waitUntil(() => calls.length > 1, { timeout: 20_000 });
  await runs();
  const name = one.cloud.pools.vm.get(vm)?.deployId;
  expect(calls).toEqual([
    ['prereconfigure', name, '', `${vm}`, 'h1'],
    ['reconfigure', name, '', '', `${vm}`, 'h1'],
  ]);
});
