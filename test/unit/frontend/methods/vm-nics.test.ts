import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

const NETWORK = 'NAME=net\nVN_MAD=dummy\nBRIDGE=b\nAR=[TYPE=IP4,IP=192.0.2.1,SIZE=4]\n';

let one: CloudInProcess;
let vm: number;

const phaseOf = () => one.cloud.pools.vm.get(vm)?.phase;
const nicsOf = () => one.cloud.pools.vm.get(vm)?.template.vectors('NIC') ?? [];

beforeEach(async () => {
  one = await startCloudInProcess();
  await one.host('dummy-1');
  await one.oneadmin.call('one.vn.allocate', NETWORK, -1);
  vm = await one.oneadmin.call('one.vm.allocate', 'CPU=1\nMEMORY=64\nNIC_DEFAULT=[MODEL=virtio]\n', false);
  await one.until(() => phaseOf() === 'RUNNING');
});

afterEach(() => one[Symbol.asyncDispose]());

async function attach(nic: string) {
  await one.oneadmin.call('one.vm.attachnic', vm, `NIC=[${nic}]`);
  await one.until(() => phaseOf() === 'RUNNING' && nicsOf().every(({ ATTACH }) => ATTACH === undefined));
  return nicsOf()[0];
}

describe('a NIC that is attached', () => {
  it('has an address of the network that it names, also with NETWORK_MODE = AUTO', async () => {
    expect(await attach('NETWORK_MODE=auto,NETWORK=net')).toMatchObject({ IP: '192.0.2.1', NETWORK_ID: '0' });
  });

  it('has none when nobody is there to choose a network', async () => {
    expect(await attach('NETWORK_MODE=auto')).toEqual({
      NETWORK_MODE: 'auto',
      MODEL: 'virtio',
      NAME: 'NIC0',
      NIC_ID: '0',
    });
  });

  it('is in the context of its guest, whoever chooses its network', async () => {
    vm = await one.oneadmin.call('one.vm.allocate', 'CPU=1\nMEMORY=64\nCONTEXT=[NETWORK=YES]\n', false);
    await one.until(() => phaseOf() === 'RUNNING');
    await attach('NETWORK_MODE=auto');
    expect(one.cloud.pools.vm.get(vm)?.template.vector('CONTEXT')).toMatchObject({ ETH0_IP: '', ETH0_MAC: '' });
  });

  it('has a MAC of its own with NETWORK_MODE = DUMMY', async () => {
    expect(await attach('NETWORK_MODE=dummy')).toMatchObject({ MAC: expect.stringMatching(/^02:00:/) });
  });
});

describe('a VM on a dummy host', () => {
  it.each(['bridge', 'vxlan', 'ovswitch'])('needs no network of VN_MAD %s to be made there', async (driver) => {
    const template = `NAME=${driver}\nVN_MAD=${driver}\nBRIDGE=b\nPHYDEV=e\nVLAN_ID=5\nAR=[TYPE=IP4,IP=198.51.100.1,SIZE=4]\n`;
    await one.oneadmin.call('one.vn.allocate', template, -1);
    vm = await one.oneadmin.call('one.vm.allocate', `CPU=1\nMEMORY=64\nNIC=[NETWORK=${driver}]\n`, false);
    await one.until(() => phaseOf() === 'RUNNING');
    await attach(`NETWORK=${driver}`);
    expect(nicsOf().map(({ VN_MAD }) => VN_MAD)).toEqual([driver, driver]);
    await one.oneadmin.call('one.vm.updatenic', vm, 1, 'NIC=[INBOUND_AVG_BW=100]');
    await one.until(() => phaseOf() === 'RUNNING');
    expect(nicsOf()[1]).toMatchObject({ INBOUND_AVG_BW: '100' });
    await one.oneadmin.call('one.vm.detachnic', vm, 1);
    await one.until(() => phaseOf() === 'RUNNING');
    expect(nicsOf()).toHaveLength(1);
    await one.oneadmin.call('one.vm.action', 'terminate-hard', vm);
    await one.until(() => phaseOf() === 'DONE');
  });
});
