/** NICs whose network the scheduler chooses, where a driver gives out the addresses of the network. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ActionFailure } from '../../../../src/drivers/contract/action.ts';
import { combineDrivers } from '../../../../src/drivers/contract/combine-drivers.ts';
import type { DriverRunner } from '../../../../src/drivers/contract/driver-runner.ts';
import { InProcessDrivers } from '../../../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../../../src/drivers/services.ts';
import { driverTable } from '../../../../src/drivers/table.ts';
import { findText, parseXml } from '../../../../src/opennebula/xml.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const RANGE = 'TYPE="IP4",IP="192.0.2.10",SIZE="4",IPAM_MAD="book"';
const AUTO = 'CPU=1\nMEMORY=64\nNIC=[NETWORK_MODE=auto]\n';

interface Asked {
  readonly answer: (ip: string) => void;
  readonly refuse: () => void;
}

let one: CloudInProcess;
let clock: ManualClock;
let host: number;
let network: number;
/** Questions for an address. */
let asked: Asked[];
/** Addresses that were given back. */
let freed: string[];

/** Chooses addresses when the test does. */
const book: DriverRunner = {
  has: (family, driver) => family === 'ipam' && driver === 'book',
  async run({ action, stdin = '', signal }) {
    if (action === 'register_address_range') return `AR=[${RANGE}]`;
    if (action === 'free_address') freed.push(findText(parseXml(stdin), 'ADDRESS/IP') ?? '');
    if (action !== 'get_address') return '';
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    signal?.addEventListener('abort', () => reject(signal.reason));
    asked.push({
      answer: (ip) => resolve(`ADDRESS=[IP="${ip}"]`),
      refuse: () => reject(new ActionFailure('The book is closed.')),
    });
    return await promise;
  },
  monitor: () => Promise.reject(new TypeError('It has no hosts.')),
  async [Symbol.asyncDispose]() {},
};

beforeEach(async () => {
  asked = [];
  freed = [];
  clock = new ManualClock();
  const drivers = combineDrivers(new InProcessDrivers(driverTable, openServices()), book);
  one = await startCloudInProcess({ clock, drivers });
  network = await one.oneadmin.call('one.vn.allocate', `NAME=n\nVN_MAD=dummy\nBRIDGE=b\nAR=[${RANGE}]\n`, -1);
  host = await one.host('dummy-1');
});

afterEach(() => one[Symbol.asyncDispose]());

const vmOf = (id: number) => one.cloud.pools.vm.get(id);
const running = (id: number) => one.until(() => vmOf(id)?.phase === 'RUNNING');
const ipsOf = (id: number) =>
  vmOf(id)
    ?.template.vectors('NIC')
    .map(({ IP }) => IP);
const leases = () => one.cloud.leases.of(network, 0).size;
const allocate = (template: string, onHold = false) => one.oneadmin.call('one.vm.allocate', template, onHold);
const questions = (count: number) => vi.waitUntil(() => asked.length === count);
const says = async (id: number, what: string) => {
  await nextTurn();
  clock.advance(1);
  await one.until(() => vmOf(id)?.userTemplate.get('SCHED_MESSAGE')?.includes(what) ?? false);
};

/** A VM whose address the driver is asked for. */
async function waiting(template = AUTO): Promise<number> {
  const vm = await allocate(template);
  await questions(1);
  return vm;
}

describe('a NIC whose network the scheduler chooses', () => {
  it('has the address that the driver gives, once it does; others are placed meanwhile', async () => {
    const vm = await waiting();
    await running(await allocate('CPU=1\nMEMORY=64\n'));
    expect(vmOf(vm)?.phase).toBe('PENDING');
    asked[0]?.answer('192.0.2.12');
    await running(vm);
    expect(ipsOf(vm)).toEqual(['192.0.2.12']);
    expect(asked).toHaveLength(1);
    await one.oneadmin.call('one.vm.action', 'terminate-hard', vm);
    await vi.waitUntil(() => freed.length > 0);
    expect(freed).toEqual(['192.0.2.12']);
  });

  it('has it beside others of the VM', async () => {
    const other = `NAME=m\nVN_MAD=dummy\nBRIDGE=b\nAR=[${RANGE}]\n`;
    await one.oneadmin.call('one.vn.allocate', other, -1);
    const vm = await waiting(`${AUTO}NIC=[NETWORK_MODE=auto]\n`);
    asked[0]?.answer('192.0.2.11');
    await questions(2);
    asked[1]?.answer('192.0.2.13');
    await running(vm);
    expect(ipsOf(vm)).toEqual(['192.0.2.11', '192.0.2.13']);
    expect(freed).toEqual([]);
  });

  it('is asked for once, whatever changes in the VM meanwhile', async () => {
    const vm = await waiting();
    await one.oneadmin.call('one.vm.update', vm, 'COLOUR=red\n', 1);
    await nextTurn();
    await nextTurn();
    expect(asked).toHaveLength(1);
  });

  it('has its VM wait and say so where the driver refuses, and asks again when the network changes', async () => {
    const vm = await waiting();
    asked[0]?.refuse();
    await says(vm, `Cannot get IP/MAC lease from virtual network ${network}.`);
    expect(asked).toHaveLength(1);
    await one.oneadmin.call('one.vn.update', network, 'COLOUR=red\n', 1);
    await questions(2);
    asked[1]?.answer('192.0.2.10');
    await running(vm);
  });

  it('has its VM wait where the driver gives an address that somebody has, and leaves him that', async () => {
    await one.oneadmin.call('one.vn.hold', network, 'LEASES=[IP=192.0.2.12]');
    const vm = await waiting();
    asked[0]?.answer('192.0.2.12');
    await says(vm, 'Cannot get IP/MAC lease');
    expect(freed).toEqual([]);
  });
});

describe('an address that a driver gave for what comes to nothing', () => {
  it.each([
    ['the VM is ended', (vm: number) => one.oneadmin.call('one.vm.action', 'terminate-hard', vm)],
    ['the VM is held', (vm: number) => one.oneadmin.call('one.vm.action', 'hold', vm)],
    ['the host goes', () => one.oneadmin.call('one.host.status', host, 1)],
  ])('goes back when %s', async (_, happens) => {
    const vm = await waiting();
    await happens(vm);
    asked[0]?.answer('192.0.2.12');
    await vi.waitUntil(() => freed.length > 0);
    expect(freed).toEqual(['192.0.2.12']);
    expect(leases()).toBe(0);
    expect(vmOf(vm)?.phase).not.toBe('RUNNING');
  });

  it('goes back when a quota refuses the VM, which says so', async () => {
    const user = await one.user('eve');
    await one.oneadmin.call('one.user.quota', user.id, `NETWORK=[ID=${network},LEASES=0]\n`);
    await one.oneadmin.call('one.vn.chmod', network, -1, -1, -1, -1, -1, -1, 1, -1, -1);
    const vm = await user.call('one.vm.allocate', AUTO, false);
    await questions(1);
    asked[0]?.answer('192.0.2.12');
    await says(vm, 'LEASES');
    expect(freed).toEqual(['192.0.2.12']);
    expect(leases()).toBe(0);
    expect(asked).toHaveLength(1);
  });

  it('goes back when it was for a call that is refused', async () => {
    const nic = (ip = '') => `NIC=[NETWORK_ID=${network}${ip}]\n`;
    const refused = allocate(`CPU=1\nMEMORY=64\n${nic()}${nic(',IP=198.51.100.1')}`, true).catch(String);
    await questions(1);
    asked[0]?.answer('192.0.2.13');
    expect(await refused).toContain('Cannot get IP/MAC lease');
    await vi.waitUntil(() => freed.length > 0);
    expect(freed).toEqual(['192.0.2.13']);
  });
});
