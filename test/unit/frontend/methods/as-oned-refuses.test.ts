/** Which of several refusals OpenNebula 7.4 gives first, where a call is wrong in more than one way. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

let one: CloudInProcess;

beforeEach(async () => {
  one = await startCloudInProcess();
});

afterEach(() => one[Symbol.asyncDispose]());

const VM = 'CPU=1\nMEMORY=64\n';

describe('a configuration that is wrong in several ways', () => {
  const RAW = 'RAW=[TYPE=nosuch,DATA=x]';
  const FEATURES = 'FEATURES=[MIGRATE_AUTO_CONVERGE="1,2,3"]';
  const BOOT = 'OS=[BOOT=disk9]';
  const CONTEXT = 'CONTEXT=[ETH7_IP="1.2.3.4"]';
  const TOKEN = 'CONTEXT=[TOKEN=YES]';
  const GRAPHICS = 'VIDEO=[VRAM=1]';

  it.each([
    [[GRAPHICS, CONTEXT, BOOT, FEATURES, RAW], 'Invalid RAW section: unsupported TYPE'],
    [
      [GRAPHICS, CONTEXT, BOOT, FEATURES],
      'Wrong FEATURES/MIGRATE_AUTO_CONVERGE value: "1,2,3". Expected initial[,increment]',
    ],
    [[GRAPHICS, CONTEXT, BOOT], 'Wrong OS/BOOT value. Device with DISK_ID 9 not found'],
    [[GRAPHICS, CONTEXT], 'Unable to add ETH7_IP, update NIC to update network context'],
    [[GRAPHICS, TOKEN], 'TOKEN set, but onegate endpoint was not defined in oned.conf.'],
    [[GRAPHICS], 'Video TYPE is required'],
  ])('is refused for what oned looks at first: %j', async (parts, why) => {
    const vm = await one.oneadmin.call('one.vm.allocate', `${VM}CONTEXT=[A=b]\n`, true);
    expect(await one.oneadmin.refusal('one.vm.updateconf', vm, parts.join('\n'), 1)).toBe(
      `8192 [one.vm.updateconf] ${why}`,
    );
  });

  it('is refused for its new context last but displays, where the VM has none', async () => {
    const vm = await one.oneadmin.call('one.vm.allocate', VM, true);
    const refusal = (...parts: string[]) => one.oneadmin.refusal('one.vm.updateconf', vm, parts.join('\n'), 0);
    expect(await refusal(GRAPHICS, CONTEXT, BOOT)).toContain('Device with DISK_ID 9 not found');
    expect(await refusal(GRAPHICS, CONTEXT)).toContain('does not have context, cannot add a new one');
  });
});

describe('a size beyond a quota, of a VM in a state that takes none', () => {
  it('is refused for the quota', async () => {
    const ada = await one.user('ada');
    await one.host('dummy-1');
    const vm = await ada.call('one.vm.allocate', `${VM}DISK=[TYPE=fs,SIZE=10]\n`, false);
    await one.until(() => one.cloud.pools.vm.get(vm)?.phase === 'RUNNING');
    await ada.call('one.vm.action', 'suspend', vm);
    await one.until(() => one.cloud.pools.vm.get(vm)?.phase === 'SUSPENDED');
    const wrongState = '2048 [one.vm.resize] Cannot resize a VM in state SUSPENDED';
    expect(await ada.refusal('one.vm.resize', vm, 'CPU=5\n', true)).toBe(wrongState);

    await one.oneadmin.call('one.user.quota', ada.id, 'VM=[CPU=2,SYSTEM_DISK_SIZE=20]\n');
    expect(await ada.refusal('one.vm.resize', vm, 'CPU=5\n', true)).toContain('limit of 2 reached for CPU quota in VM');
    expect(await ada.refusal('one.vm.resize', vm, 'CPU=1.5\n', true)).toBe(wrongState);
    expect(await ada.refusal('one.vm.diskresize', vm, 0, '100')).toMatch(/^512 /);
    expect(await ada.refusal('one.vm.diskresize', vm, 0, '15')).toContain('wrong state SUSPENDED');
  });
});

describe('a VM that is made of a template', () => {
  it('is refused for its topology before its maker is asked for rights', async () => {
    const ada = await one.user('ada');
    const template = await one.oneadmin.call('one.template.allocate', `NAME=t\n${VM}`);
    const extra = 'TOPOLOGY=[SOCKETS=3]\nVCPU=4\n';
    expect(await ada.refusal('one.template.instantiate', template, '', true, extra, false)).toContain(
      'Non-pinned VMs with a virtual topology needs to set',
    );
  });

  it('takes no address where a file of its OS is missing', async () => {
    const range = 'AR=[TYPE=IP4,IP=10.0.0.1,SIZE=9]\n';
    const net = await one.oneadmin.call('one.vn.allocate', `NAME=n\nVN_MAD=dummy\nBRIDGE=b\n${range}`, -1);
    await one.until(() => one.cloud.pools.vnet.get(net)?.state === 'READY');
    const nic = `${VM}NIC=[NETWORK_ID=${net}]\n`;
    const kernel = 'OS=[KERNEL_DS="$FILE[IMAGE_ID=99]"]\n';
    expect(await one.oneadmin.refusal('one.vm.allocate', nic + kernel, true)).toMatch(/Image with ID: 99/);
    const vm = await one.oneadmin.call('one.vm.allocate', nic, true);
    expect(await one.oneadmin.read('TEMPLATE/NIC/IP', 'one.vm.info', vm, false)).toBe('10.0.0.1');
  });
});

describe('a deployment that chooses networks', () => {
  it('is refused for NICs that wait for none', async () => {
    const host = await one.host('dummy-1');
    const vm = await one.oneadmin.call('one.vm.allocate', `${VM}NIC=[NETWORK_MODE=auto]\nNIC=[NAME=plain]\n`, true);
    const refusal = (nic: string) => one.oneadmin.refusal('one.vm.deploy', vm, host, false, -1, nic);
    expect(await refusal('NIC=[NIC_ID=1,NETWORK_ID=0]')).toBe('2048 [one.vm.deploy] NIC_ID 1 not AUTO');
    expect(await refusal('NIC=[NIC_ID=7,NETWORK_ID=0]')).toBe('2048 [one.vm.deploy] NIC_ID 7 not found');
  });
});

describe('a user without the name of a driver', () => {
  it('is not made: there are too few parameters', async () => {
    await expect(one.oneadmin.try('one.user.allocate', 'ada', 'secret')).rejects.toThrow('Not enough parameters');
  });
});

describe('a host', () => {
  const LENGTH = 'HOSTNAME length should be greater than 1, but smaller than 64 characters';

  it.each([
    ['h', LENGTH],
    ['h'.repeat(64), LENGTH],
    ['-h1', "first character can't be '-'"],
    ['h1.', "last character can't be '.'"],
    ['h 1', "' ' is invalid character for a HOSTNAME"],
  ])('is not made with the name %s', async (name, why) => {
    expect(await one.oneadmin.refusal('one.host.allocate', name, 'dummy', 'dummy', -1)).toBe(
      `16384 [one.host.allocate] Error allocating a new host. Invalid HOSTNAME, ${why}`,
    );
  });
});
