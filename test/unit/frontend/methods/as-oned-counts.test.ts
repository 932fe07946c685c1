/** What OpenNebula 7.4 counts once or twice, keeps or leaves out, and which of several refusals it gives first. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

const IMAGE = 'SOURCE=a\nFORMAT=raw\nSIZE=10\n';

let one: CloudInProcess;
let datastore: number;

beforeEach(async () => {
  one = await startCloudInProcess();
  datastore = await one.datastore('images');
});

afterEach(() => one[Symbol.asyncDispose]());

async function image(name: string, more = ''): Promise<number> {
  const id = await one.oneadmin.call('one.image.allocate', `NAME=${name}\n${IMAGE}${more}`, datastore, false);
  await one.until(() => one.cloud.pools.image.get(id)?.state === 'READY');
  return id;
}

async function running(template: string): Promise<number> {
  const id = await one.oneadmin.call('one.vm.allocate', `CPU=1\nMEMORY=64\n${template}`, false);
  await one.until(() => one.cloud.pools.vm.get(id)?.phase === 'RUNNING');
  return id;
}

async function act(vm: number, method: string, phase: string, ...args: readonly (number | string)[]): Promise<void> {
  await one.oneadmin.call(`one.vm.${method}`, vm, ...args);
  await one.until(() => one.cloud.pools.vm.get(vm)?.phase === phase);
}

describe('quotas of images', () => {
  it('count each disk, also several of one image', async () => {
    const ada = await one.user('ada');
    const os = await image('os');
    await one.oneadmin.call('one.image.chmod', os, -1, -1, -1, -1, -1, -1, 1, -1, -1);
    const disk = `DISK=[IMAGE_ID=${os}]\n`;
    await ada.call('one.vm.allocate', `CPU=1\nMEMORY=64\n${disk}${disk}`, true);
    expect(await ada.read('IMAGE_QUOTA/IMAGE/RVMS_USED', 'one.user.info', -1, false)).toBe('2');
  });
});

describe('a disk that is to grow beyond a quota of VMs', () => {
  it('is refused without a reason', async () => {
    const ada = await one.user('ada');
    await one.host('dummy-1');
    const vm = await ada.call('one.vm.allocate', 'CPU=1\nMEMORY=64\nDISK=[TYPE=fs,SIZE=10]\n', false);
    await one.until(() => one.cloud.pools.vm.get(vm)?.phase === 'RUNNING');
    await one.oneadmin.call('one.user.quota', ada.id, 'VM=[SYSTEM_DISK_SIZE=20]\n');
    expect(await ada.refusal('one.vm.diskresize', vm, 0, '100')).toBe(
      `512 [one.vm.diskresize] User [${ada.id}] not authorized to perform action on virtual machine.`,
    );
  });
});

describe('a security group', () => {
  it('keeps one of rules that are the same', async () => {
    const rule = 'RULE=[PROTOCOL=TCP,RULE_TYPE=inbound]\n';
    const id = await one.oneadmin.call(
      'one.secgroup.allocate',
      `NAME=s\n${rule}${rule}RULE=[PROTOCOL=ALL,RULE_TYPE=outbound]\n`,
    );
    const protocols = () =>
      one.cloud.pools.secgroup
        .get(id)
        ?.template.vectors('RULE')
        .map(({ PROTOCOL }) => PROTOCOL);
    expect(protocols()).toEqual(['TCP', 'ALL']);
    await one.oneadmin.call('one.secgroup.update', id, rule + rule, 0);
    expect(protocols()).toEqual(['TCP']);
  });
});

describe('an image that became another type while a VM used it', () => {
  it('takes no snapshots over that its type cannot have', async () => {
    await one.host('dummy-1');
    const os = await image('os', 'TYPE=OS\nPERSISTENT=YES\n');
    const vm = await running(`DISK=[IMAGE_ID=${os}]\n`);
    await one.oneadmin.call('one.vm.action', 'poweroff', vm);
    await one.until(() => one.cloud.pools.vm.get(vm)?.phase === 'POWEROFF');
    await one.oneadmin.call('one.image.chtype', os, 'CDROM');
    await act(vm, 'disksnapshotcreate', 'POWEROFF', 0, 's');
    expect(one.cloud.pools.vm.get(vm)?.diskSnapshots).toHaveLength(1);
    expect(one.cloud.pools.image.get(os)?.snapshots.list).toEqual([]);
  });
});

describe('a copy of a template with its images', () => {
  it('is refused for its own name first', async () => {
    const os = await image('os');
    const id = await one.oneadmin.call('one.template.allocate', `NAME=t\nDISK=[IMAGE_ID=${os}]\n`);
    await one.oneadmin.call('one.template.clone', id, 'copy', true);
    expect(await one.oneadmin.refusal('one.template.clone', id, 'copy', true)).toBe(
      `8192 [one.template.clone] NAME is already taken by TEMPLATE ${id + 1}.`,
    );
  });
});

describe('a template that may not be used', () => {
  it('is all that is said of, whatever else is needed', async () => {
    const ada = await one.user('ada');
    const os = await image('os');
    const id = await one.oneadmin.call('one.template.allocate', `NAME=t\nCPU=1\nMEMORY=64\nDISK=[IMAGE_ID=${os}]\n`);
    const instantiate = () => ada.refusal('one.template.instantiate', id, '', true, '', false);
    expect(await instantiate()).toContain(`: Not authorized to perform USE TEMPLATE [${id}].`);
    await one.oneadmin.call('one.template.chmod', id, -1, -1, -1, -1, -1, -1, 1, -1, -1);
    expect(await instantiate()).toContain(`: Not authorized to perform USE IMAGE [${os}].`);
  });
});

describe('PCI devices', () => {
  it('are looked at before the VM that is to have them', async () => {
    const vm = await one.oneadmin.call('one.vm.allocate', 'CPU=1\nMEMORY=64\n', true);
    expect(await one.oneadmin.refusal('one.vm.attachpci', vm, 'PCI=[]')).toBe(
      '2048 [one.vm.attachpci] SHORT_ADDRESS, DEVICE, VENDOR or CLASS must be defined for PCI.',
    );
    expect(await one.oneadmin.refusal('one.vm.attachpci', vm, 'PCI=[VENDOR=10de]')).toBe(
      '2048 [one.vm.attachpci] VM in wrong state, it has to be in poweroff',
    );
  });
});

describe('the list of hosts', () => {
  it('tells no space of one that was never heard of', async () => {
    await one.oneadmin.call('one.host.allocate', 'h1', 'nosuch', 'nosuch', 0);
    expect(String(await one.oneadmin.call('one.hostpool.info'))).toContain('<DATASTORES></DATASTORES>');
    expect(await one.oneadmin.read('HOST_SHARE/DATASTORES/MAX_DISK', 'one.host.info', 0, false)).toBe('0');
  });
});

describe('snapshots of a disk', () => {
  it('go on being numbered when none is left', async () => {
    await one.host('dummy-1');
    const vm = await running(`DISK=[IMAGE_ID=${await image('os', 'TYPE=OS\n')}]\n`);
    await act(vm, 'disksnapshotcreate', 'RUNNING', 0, 's');
    await act(vm, 'disksnapshotdelete', 'RUNNING', 0, 0);
    expect(one.cloud.pools.vm.get(vm)?.diskSnapshots).toMatchObject([{ nextId: 1, snapshots: [] }]);
  });

  it('stay where they hung when the first of them is deleted', async () => {
    await one.host('dummy-1');
    const vm = await running(`DISK=[IMAGE_ID=${await image('os', 'TYPE=OS\n')}]\n`);
    await act(vm, 'disksnapshotcreate', 'RUNNING', 0, 'a');
    await act(vm, 'disksnapshotcreate', 'RUNNING', 0, 'b');
    await act(vm, 'disksnapshotdelete', 'RUNNING', 0, 0);
    expect(one.cloud.pools.vm.get(vm)?.diskSnapshots[0]?.snapshots).toMatchObject([{ id: 1, parent: 0 }]);
  });

  it('are none at all, where a VM gives a persistent image back without any', async () => {
    await one.host('dummy-1');
    const os = await image('os', 'TYPE=OS\nPERSISTENT=YES\n');
    const told = async () => String(await one.oneadmin.call('one.image.info', os, false));
    expect(await told()).toContain('<NEXT_SNAPSHOT>');
    const vm = await running(`DISK=[IMAGE_ID=${os}]\n`);
    await one.oneadmin.call('one.vm.action', 'terminate', vm);
    await one.until(() => one.cloud.pools.vm.get(vm)?.phase === 'DONE');
    expect(await told()).toContain('<SNAPSHOTS></SNAPSHOTS>');
  });
});

describe('address ranges', () => {
  const add = (net: number) => one.oneadmin.call('one.vn.add_ar', net, 'AR=[TYPE=IP4,IP=10.0.1.1,SIZE=4]\n');
  const rangesOf = (net: number) => one.cloud.pools.vnet.get(net)?.ranges ?? [];
  const network = async () => {
    const net = await one.oneadmin.call('one.vn.allocate', 'NAME=n\nVN_MAD=dummy\nBRIDGE=b\n', -1);
    await one.until(() => one.cloud.pools.vnet.get(net)?.state === 'READY');
    return net;
  };

  it('take the number of the last one when that is gone', async () => {
    const net = await network();
    await add(net);
    await add(net);
    await one.oneadmin.call('one.vn.rm_ar', net, 1, false);
    await add(net);
    expect(rangesOf(net).map(({ id }) => id)).toEqual([0, 1]);
  });

  it('that have the same address all hold it, and let go of it', async () => {
    const net = await network();
    await add(net);
    await add(net);
    const used = () => rangesOf(net).map(({ id }) => one.cloud.leases.of(net, id).size);
    await one.oneadmin.call('one.vn.hold', net, 'LEASES=[IP=10.0.1.2]\n');
    expect(used()).toEqual([1, 1]);
    await one.oneadmin.call('one.vn.release', net, 'LEASES=[IP=10.0.1.2]\n');
    expect(used()).toEqual([0, 0]);
  });

  it('are looked through from the start when they end before the next address', async () => {
    const net = await network();
    await add(net);
    await one.oneadmin.call('one.vm.allocate', 'CPU=1\nMEMORY=64\nNIC=[NETWORK_ID=0]\n', true);
    await one.oneadmin.call('one.vn.update_ar', net, 'AR=[AR_ID=0,SIZE=1]\n');
    expect(rangesOf(net)[0]?.nextIndex).toBe(0);
  });

  it('are followed again by a VM that takes an address after it gave one back', async () => {
    await one.host('dummy-1');
    const net = await network();
    await add(net);
    const vm = await running(`NIC=[NETWORK_ID=${net}]\nNIC=[NETWORK_ID=${net}]\n`);
    const updated = () => [...one.cloud.links.of('vnet.updated', net)];
    await act(vm, 'detachnic', 'RUNNING', 1);
    expect(updated()).toEqual([]);
    await act(vm, 'attachnic', 'RUNNING', `NIC=[NETWORK_ID=${net}]\n`);
    expect(updated()).toEqual([vm]);
  });
});
