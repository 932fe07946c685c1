import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

const TEMPLATE = `NAME = "net"
VN_MAD = "dummy"
BRIDGE = "vbr0"
AR = [ TYPE = "IP4", IP = "192.0.2.10", SIZE = "4" ]
AR = [ TYPE = "IP4", IP = "192.0.2.20", SIZE = "-1" ]`;

const FAILURE = 0;
const SUCCESS = 1;
const DELETE = 2;
const RETRY = 3;

let one: CloudInProcess;
let network: number;

const record = () => one.cloud.pools.vnet.get(network);

beforeEach(async () => {
  one = await startCloudInProcess();
  network = await one.oneadmin.call('one.vn.allocate', TEMPLATE, -1);
});

afterEach(() => one[Symbol.asyncDispose]());

describe('a network with a range that is not acceptable', () => {
  it('is made in ERROR, with the ranges that are, and says why', () => {
    expect(record()).toMatchObject({ state: 'ERROR', ranges: [{ attributes: { IP: '192.0.2.10' } }] });
    expect(record()?.template.get('ERROR')).toMatch(/ : Wrong SIZE for address range$/);
  });

  it.each([
    ['one.vn.add_ar', 'AR = [ TYPE = "IP4", IP = "192.0.2.30", SIZE = "4" ]'],
    ['one.vn.update_ar', 'AR = [ AR_ID = "0", SIZE = "8" ]'],
    ['one.vn.hold', 'LEASES = [ IP = "192.0.2.10" ]'],
    ['one.vn.release', 'LEASES = [ IP = "192.0.2.10" ]'],
  ])('does not change its addresses: %s', async (method, template) => {
    expect(await one.oneadmin.refusal(method, network, template)).toBe(
      `2048 [${method}] Could not execute ${method}Virtual Network is in wrong state: ERROR`,
    );
  });

  it('keeps its ranges', async () => {
    expect(await one.oneadmin.refusal('one.vn.rm_ar', network, 0)).toBe(
      '2048 [one.vn.rm_ar] Could not remove Adress Range, Virtual Network is in wrong state: ERROR',
    );
  });

  it('is ready again once somebody says so', async () => {
    expect(await one.oneadmin.call('one.vn.recover', network, SUCCESS)).toBe(network);
    expect(record()?.state).toBe('READY');
    expect(record()?.template.has('ERROR')).toBe(false);
    await one.oneadmin.call('one.vn.hold', network, 'LEASES = [ IP = "192.0.2.10" ]');
  });

  it('goes when recovered by removal, and by removal alone', async () => {
    expect(await one.oneadmin.call('one.vn.recover', network, DELETE)).toBe(network);
    expect(record()).toBeUndefined();
    network = await one.oneadmin.call('one.vn.allocate', TEMPLATE, -1);
    await one.oneadmin.call('one.vn.delete', network);
    expect(record()).toBeUndefined();
  });

  it.each([
    [FAILURE, 'failure'],
    [RETRY, 'retry'],
  ])('cannot be recovered otherwise: %i', async (operation, verb) => {
    expect(await one.oneadmin.refusal('one.vn.recover', network, operation)).toBe(
      `8192 [one.vn.recover] Could not perform 'recover ${verb}' on VN ${network}, wrong state ERROR.`,
    );
  });
});
