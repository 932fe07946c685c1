/** How changed rules of security groups and changed attributes of networks reach the VMs that follow them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ActionFailure } from '../../../../src/drivers/contract/action.ts';
import type { DriverCall } from '../../../../src/drivers/contract/driver-runner.ts';
import { InProcessDrivers } from '../../../../src/drivers/contract/in-process-drivers.ts';
import { type DriverServices, openServices } from '../../../../src/drivers/services.ts';
import { driverTable } from '../../../../src/drivers/table.ts';
import { type FollowedKind, followers, type Reach } from '../../../../src/frontend/dispatch/followers.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

/** Dummy drivers that write down what network drivers are asked, and refuse it when told to. */
class Asked extends InProcessDrivers<DriverServices> {
  readonly actions: string[] = [];
  refusing = '';

  override async run(call: DriverCall): Promise<string> {
    if (call.family === 'vnm' && call.action.startsWith('update_')) {
      this.actions.push(`${call.action} ${call.argv.join(' ')}`);
      if (call.action === this.refusing) throw new ActionFailure('Refused by the test.');
    }
    return super.run(call);
  }
}

let one: CloudInProcess;
let drivers: Asked;
let network: number;
let secgroup: number;

beforeEach(async () => {
  drivers = new Asked(driverTable, openServices());
  one = await startCloudInProcess({ drivers });
  await one.host('dummy-1');
  const range = 'AR=[TYPE=IP4,IP=10.0.0.1,SIZE=9]\n';
  network = await one.oneadmin.call('one.vn.allocate', `NAME=n\nVN_MAD=dummy\nBRIDGE=b\n${range}`, -1);
  secgroup = await one.oneadmin.call(
    'one.secgroup.allocate',
    'NAME=web\nRULE=[PROTOCOL=TCP,RULE_TYPE=inbound,RANGE=80]\n',
  );
});

afterEach(() => one[Symbol.asyncDispose]());

const reached = (kind: FollowedKind, id: number, reach: Reach) => [...followers(one.cloud, kind, id, reach)];
const vmOf = (id: number) => one.cloud.pools.vm.get(id);
const until = (id: number, phase: string) => one.until(() => vmOf(id)?.phase === phase);
const rulesOf = (id: number) =>
  vmOf(id)
    ?.template.vectors('SECURITY_GROUP_RULE')
    .map(({ RANGE = 'all' }) => RANGE);

async function vm(nic = '', hold = false): Promise<number> {
  const id = await one.oneadmin.call('one.vm.allocate', `CPU=1\nMEMORY=64\nNIC=[NETWORK_ID=${network}${nic}]\n`, hold);
  await until(id, hold ? 'HOLD' : 'RUNNING');
  return id;
}

describe('one.secgroup.update', () => {
  it('brings new rules into the templates of VMs, and to the hosts of those that run', async () => {
    const running = await vm(`,SECURITY_GROUPS="${secgroup}"`);
    const held = await vm(`,SECURITY_GROUPS="${secgroup}"`, true);
    expect(rulesOf(running)).toEqual(['all', 'all', '80']);
    await one.oneadmin.call('one.secgroup.update', secgroup, 'RULE=[PROTOCOL=TCP,RULE_TYPE=inbound,RANGE=443]\n', 0);
    await one.until(() => reached('secgroup', secgroup, 'updated').length === 2);
    expect(rulesOf(running)).toEqual(['all', 'all', '443']);
    expect(rulesOf(held)).toEqual(['all', 'all', '443']);
    expect(drivers.actions).toEqual([`update_sg ${vmOf(running)?.deployId}`]);
  });
});

describe('one.secgroup.commit', () => {
  it('lists VMs whose hosts refuse as in error, and reaches them by recover', async () => {
    const id = await vm(`,SECURITY_GROUPS="${secgroup}"`);
    drivers.refusing = 'update_sg';
    await one.oneadmin.call('one.secgroup.commit', secgroup, false);
    await one.until(() => reached('secgroup', secgroup, 'error').includes(id));
    expect(vmOf(id)?.userTemplate.get('ERROR')).toContain('UPDATESG: Refused by the test.');

    drivers.refusing = '';
    await one.oneadmin.call('one.secgroup.commit', secgroup, true);
    await one.until(() => reached('secgroup', secgroup, 'updated').includes(id));
    expect(reached('secgroup', secgroup, 'error')).toEqual([]);
  });

  it('leaves VMs that it has reached alone when it recovers', async () => {
    await vm(`,SECURITY_GROUPS="${secgroup}"`);
    await one.oneadmin.call('one.secgroup.commit', secgroup, true);
    expect(drivers.actions).toEqual([]);
  });
});

describe('one.vm.attachsg', () => {
  it('adds a group to one NIC, its rules to the VM and to the host', async () => {
    const id = await vm();
    await one.oneadmin.call('one.vm.attachsg', id, 0, secgroup);
    await one.until(() => reached('secgroup', secgroup, 'updated').includes(id));
    expect(vmOf(id)?.template.vector('NIC')?.SECURITY_GROUPS).toBe(`0,${secgroup}`);
    expect(rulesOf(id)).toEqual(['all', 'all', '80']);
    expect(drivers.actions).toHaveLength(1);
  });

  it.each([
    ['a NIC that there is not', [7, 100], "8192 [one.vm.attachsg] VM 0 doesn't have NIC id 7"],
    ['a group that there is not', [0, 77], '2048 [one.vm.attachsg] Could not attach SG 77 to VM, SG does not exist'],
    ['a group that the NIC has', [0, 0], '2048 [one.vm.attachsg] VM 0 SG 0 already in NIC 0'],
  ])('refuses %s', async (_, [nic = 0, group = 0], text) => {
    const id = await vm();
    expect(await one.oneadmin.refusal('one.vm.attachsg', id, nic, group)).toBe(text);
  });

  it('is undone by detachsg, which keeps the rules while another NIC has the group', async () => {
    const id = await vm(
      `,SECURITY_GROUPS="${secgroup}"]\nNIC=[NETWORK_ID=${network},SECURITY_GROUPS="${secgroup}"`,
      true,
    );
    await one.oneadmin.call('one.vm.detachsg', id, 0, secgroup);
    expect(rulesOf(id)).toEqual(['all', 'all', '80']);
    await one.oneadmin.call('one.vm.detachsg', id, 1, secgroup);
    expect(rulesOf(id)).toEqual(['all', 'all']);
    expect(reached('secgroup', secgroup, 'updated')).toEqual([]);
    expect(await one.oneadmin.refusal('one.vm.detachsg', id, 1, secgroup)).toBe(
      `2048 [one.vm.detachsg] VM ${id} NIC 1 doesn't contain SG ${secgroup}`,
    );
  });

  it('makes one rule for each address range of a network that a rule names', async () => {
    const rule = `RULE=[PROTOCOL=ALL,RULE_TYPE=inbound,NETWORK_ID=${network}]\n`;
    const group = await one.oneadmin.call('one.secgroup.allocate', `NAME=inside\n${rule}`);
    const id = await vm(`,SECURITY_GROUPS="${group}"`, true);
    expect(vmOf(id)?.template.vectors('SECURITY_GROUP_RULE').at(-1)).toMatchObject({
      AR_ID: '0',
      IP: '10.0.0.1',
      SIZE: '9',
      TYPE: 'IP4',
    });
  });
});

describe('one.vn.update', () => {
  it('brings limits to running VMs by a history record of its own, and leaves no trace of the change', async () => {
    const id = await vm();
    await one.oneadmin.call('one.vn.update', network, 'INBOUND_AVG_BW=7\n', 1);
    await one.until(() => reached('vnet', network, 'updated').includes(id) && vmOf(id)?.phase === 'RUNNING');
    expect(vmOf(id)?.template.vector('NIC')?.INBOUND_AVG_BW).toBe('7');
    expect(vmOf(id)?.template.has('VNET_UPDATE')).toBe(false);
    expect(vmOf(id)?.history.map(({ action }) => action)).toEqual(['nic-update', 'none']);
    expect(drivers.actions).toEqual([`update_nic ${vmOf(id)?.deployId} ${network}`]);
    await one.until(() => one.cloud.pools.vnet.get(network)?.template.has('VNET_UPDATE') === false);
  });

  it('keeps what a NIC was given of its own, and tells no host of attributes that guests do not have', async () => {
    const id = await vm(',INBOUND_AVG_BW=3');
    await one.oneadmin.call('one.vn.update', network, 'INBOUND_AVG_BW=7\n', 1);
    await one.until(() => vmOf(id)?.phase === 'RUNNING' && reached('vnet', network, 'updated').includes(id));
    expect(vmOf(id)?.template.vector('NIC')?.INBOUND_AVG_BW).toBe('3');
    const told = drivers.actions.length;
    await one.oneadmin.call('one.vn.update', network, 'DNS=10.0.0.9\n', 1);
    expect(drivers.actions).toHaveLength(told);
  });

  it('fails as UPDATE_FAILURE when a host refuses, until it is recovered', async () => {
    const id = await vm();
    drivers.refusing = 'update_nic';
    await one.oneadmin.call('one.vn.update', network, 'MTU=1400\n', 1);
    await one.until(() => one.cloud.pools.vnet.get(network)?.state === 'UPDATE_FAILURE');
    expect(reached('vnet', network, 'error')).toEqual([id]);
    drivers.refusing = '';
    await one.oneadmin.call('one.vn.recover', network, 3);
    await one.until(() => reached('vnet', network, 'updated').includes(id));
    expect(one.cloud.pools.vnet.get(network)?.state).toBe('READY');
  });
});

describe('one.vm.updatenic', () => {
  it('changes the limits of one NIC, at its host when the VM runs', async () => {
    const id = await vm();
    await one.oneadmin.call('one.vm.updatenic', id, 0, 'NIC=[OUTBOUND_AVG_BW=9,MODEL=x]\n', 1);
    await one.until(() => vmOf(id)?.phase === 'RUNNING' && drivers.actions.length === 1);
    expect(vmOf(id)?.template.vector('NIC')).toMatchObject({ OUTBOUND_AVG_BW: '9' });
    expect(vmOf(id)?.template.vector('NIC')).not.toHaveProperty('MODEL');
    await one.oneadmin.call('one.vm.updatenic', id, 0, 'NIC=[MODEL=x]\n', 0);
    await one.until(() => vmOf(id)?.phase === 'RUNNING' && drivers.actions.length === 2);
    expect(vmOf(id)?.template.vector('NIC')).not.toHaveProperty('OUTBOUND_AVG_BW');
  });

  it.each([
    ['a NIC that there is not', 7, 'NIC=[A=b]', '2048 [one.vm.updatenic] VM 0: NIC 7 does not exists'],
    [
      'a template without NIC',
      0,
      'A=b',
      '2048 [one.vm.updatenic] Error updating NIC (0) for VM 0: Wrong NIC definition, attribute is missing',
    ],
  ])('refuses %s', async (_, nic, template, text) => {
    const id = await vm('', true);
    expect(await one.oneadmin.refusal('one.vm.updatenic', id, nic, `${template}\n`)).toBe(text);
  });
});
