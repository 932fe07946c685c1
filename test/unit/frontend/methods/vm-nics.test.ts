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

  it('has a MAC of its own with NETWORK_MODE = DUMMY', async () => {
    expect(await attach('NETWORK_MODE=dummy')).toMatchObject({ MAC: expect.stringMatching(/^02:00:/) });
  });
});
