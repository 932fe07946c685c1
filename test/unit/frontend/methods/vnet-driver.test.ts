/** Networks whose driver makes them and takes them away (vnet_create, vnet_delete). */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ActionFailure } from '../../../../src/drivers/contract/action.ts';
import { combineDrivers } from '../../../../src/drivers/contract/combine-drivers.ts';
import type { DriverCall, DriverRunner } from '../../../../src/drivers/contract/driver-runner.ts';
import { InProcessDrivers } from '../../../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../../../src/drivers/services.ts';
import { driverTable } from '../../../../src/drivers/table.ts';
import { findAll, parseXml } from '../../../../src/opennebula/xml.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

const CONFIGURATION = 'VN_MAD_CONF = [ NAME="fabric", BRIDGE_TYPE="linux" ]\n';
const TEMPLATE = 'NAME=net\nVN_MAD=fabric\nBRIDGE=b\nAR=[TYPE=IP4,IP=192.0.2.10,SIZE=4]\n';
const [FAILURE, SUCCESS, DELETE] = [0, 1, 2];

interface Asked {
  readonly call: DriverCall;
  readonly answer: (output: string) => void;
  readonly refuse: (reason: string) => void;
}

let one: CloudInProcess;
let network: number;
let asked: Asked[];

const record = () => one.cloud.pools.vnet.get(network);
const until = (state: string | undefined) => one.until(() => record()?.state === state);

/** Answers when the test does. */
const fabric: DriverRunner = {
  has: (family, driver) => family === 'vnm' && driver === 'fabric',
  offers: (_, driver, action) => driver === 'fabric' && action.startsWith('vnet_'),
  run: (call) =>
    new Promise((resolve, reject) => {
      const refuse = (reason: string) => reject(new ActionFailure(reason));
      asked.push({ call, answer: resolve, refuse });
      call.signal?.addEventListener('abort', () => refuse('The front-end stops.'));
    }),
  monitor: () => Promise.reject(new TypeError('It has no hosts.')),
  async [Symbol.asyncDispose]() {},
};

beforeEach(async () => {
  asked = [];
  const drivers = combineDrivers(new InProcessDrivers(driverTable, openServices()), fabric);
  one = await startCloudInProcess({ configuration: CONFIGURATION, drivers });
  network = await one.oneadmin.call('one.vn.allocate', TEMPLATE, -1);
});

afterEach(() => one[Symbol.asyncDispose]());

async function made() {
  asked.pop()?.answer('');
  await until('READY');
}

describe('a network that its driver makes', () => {
  it('waits on when the answer cannot be kept, and can be recovered', async () => {
    vi.spyOn(one.cloud, 'transaction').mockImplementationOnce(() => {
      throw new Error('database or disk is full');
    });
    asked.pop()?.answer('');
    await new Promise(setImmediate);
    expect(record()?.state).toBe('LOCK_CREATE');
    await one.oneadmin.call('one.vn.recover', network, SUCCESS);
    expect(record()?.state).toBe('READY');
  });

  it('waits for it, without addresses', async () => {
    expect(record()).toMatchObject({ state: 'LOCK_CREATE', ranges: [] });
    expect(await one.oneadmin.read('TEMPLATE/AR/IP', 'one.vn.info', network)).toBe('192.0.2.10');
    const [{ call } = expect.fail()] = asked;
    expect(call).toMatchObject({ family: 'vnm', driver: 'fabric', action: 'vnet_create', argv: [`${network}`] });
    expect(findAll(parseXml(call.stdin ?? ''), 'VN_MAD')[0]?.text).toBe('fabric');
    await made();
    expect(record()).toMatchObject({ state: 'READY', ranges: [{ attributes: { IP: '192.0.2.10' } }] });
    expect(record()?.template.has('AR')).toBe(false);
  });

  it('gets what the driver prints, address ranges too', async () => {
    asked[0]?.answer('VLAN_ID=7\nFABRIC_ID="f-1"\nAR=[TYPE=IP4,IP=198.51.100.1,SIZE=2]');
    await until('READY');
    expect(record()).toMatchObject({ vlanId: '7', ranges: [{ attributes: { IP: '198.51.100.1' } }] });
    expect(record()?.template.get('FABRIC_ID')).toBe('f-1');
  });

  it.each([
    ['is refused', ({ refuse }: Asked) => refuse('No port is free.'), 'No port is free.'],
    [
      'is answered with a range that cannot be',
      ({ answer }: Asked) => answer('AR=[TYPE=IP4,IP=198.51.100.1,SIZE=-1]'),
      'Wrong SIZE',
    ],
    ['is answered with no template', ({ answer }: Asked) => answer('A=[B'), ''],
  ])('is in ERROR when it %s, and goes from there', async (_, reply, reason) => {
    reply(asked.pop() ?? expect.fail());
    await until('ERROR');
    expect(record()?.template.get('ERROR')).toContain(` : ${reason}`);
    await one.oneadmin.call('one.vn.delete', network);
    expect(asked.map(({ call }) => call.action)).toEqual(['vnet_delete']);
    asked.pop()?.answer('');
    await until(undefined);
  });

  it('cannot be removed meanwhile, but recovered', async () => {
    expect(await one.oneadmin.refusal('one.vn.delete', network)).toContain(
      'Can not remove a Virtual Network, wrong state LOCK_CREATE',
    );
    await one.oneadmin.call('one.vn.recover', network, FAILURE);
    expect(record()?.template.get('ERROR')).toContain('Failure forced by user');
    asked[0]?.answer('LATE=yes');
    await one.oneadmin.call('one.vn.recover', network, SUCCESS);
    expect(record()).toMatchObject({ state: 'READY' });
    expect(record()?.template.has('LATE')).toBe(false);
  });

  it('goes at once by recovery, and the driver is told', async () => {
    await one.oneadmin.call('one.vn.recover', network, DELETE);
    expect(record()).toBeUndefined();
    expect(asked.map(({ call }) => call.action)).toEqual(['vnet_create', 'vnet_delete']);
  });
});

describe('a network that its driver takes away', () => {
  beforeEach(made);

  it('waits for it, and is no more when that is done', async () => {
    await one.oneadmin.call('one.vn.delete', network);
    expect(record()).toMatchObject({ state: 'LOCK_DELETE', ranges: [] });
    expect(await one.oneadmin.refusal('one.vn.delete', network)).toContain('wrong state LOCK_DELETE');
    asked[0]?.answer('');
    await until(undefined);
  });

  it('stays in ERROR when that fails, and says why', async () => {
    await one.oneadmin.call('one.vn.delete', network);
    asked[0]?.refuse('Still in use.');
    await until('ERROR');
    expect(record()?.template.get('ERROR')).toContain(' : Still in use.');
  });

  it('is no more when somebody says so', async () => {
    await one.oneadmin.call('one.vn.delete', network);
    await one.oneadmin.call('one.vn.recover', network, SUCCESS);
    expect(record()).toBeUndefined();
  });

  it('keeps its addresses while they are in use', async () => {
    await one.oneadmin.call('one.vn.hold', network, 'LEASES=[IP=192.0.2.11]');
    expect(await one.oneadmin.refusal('one.vn.delete', network)).toContain('leases in use');
  });
});
