/** What templates and addresses of VMs become in OpenNebula 7.4, compared with what oned answers to the same calls. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

let one: CloudInProcess;

beforeEach(async () => {
  one = await startCloudInProcess();
});

afterEach(() => one[Symbol.asyncDispose]());

const SMALL = 'CPU=1\nMEMORY=64\n';
const RANGE = 'AR=[TYPE=IP4,IP=10.0.0.1,SIZE=9]\n';
const vmOf = (id: number) => one.cloud.pools.vm.get(id);
const until = (id: number, phase: string) => one.until(() => vmOf(id)?.phase === phase);
const held = (more = '') => one.oneadmin.call('one.vm.allocate', SMALL + more, true);
const network = (ranges = RANGE) =>
  one.oneadmin.call('one.vn.allocate', `NAME=n\nVN_MAD=dummy\nBRIDGE=b\n${ranges}`, -1);

async function running(more = ''): Promise<number> {
  await one.host('dummy-1');
  const id = await one.oneadmin.call('one.vm.allocate', SMALL + more, false);
  await until(id, 'RUNNING');
  return id;
}

describe('addresses', () => {
  it('that a refused VM had are free again, and the next VM has the one behind them', async () => {
    const net = await network();
    const nic = `NIC=[NETWORK_ID=${net}]\n`;
    expect(await one.oneadmin.refusal('one.vm.allocate', `${SMALL}${nic}CONTEXT=[TOKEN=YES]\n`, true)).toContain(
      'TOKEN',
    );
    expect(one.cloud.leases.of(net, 0).size).toBe(0);
    expect(vmOf(await held(nic))?.template.vector('NIC')?.IP).toBe('10.0.0.2');
  });

  it('of an alias leave its NIC with a list of none', async () => {
    const net = await network();
    const id = await running(`NIC=[NETWORK_ID=${net},NAME=a]\nNIC_ALIAS=[NETWORK_ID=${net},PARENT=a]\n`);
    await one.oneadmin.call('one.vm.detachnic', id, 1);
    await one.until(() => vmOf(id)?.template.vectors('NIC_ALIAS').length === 0);
    expect(vmOf(id)?.template.vector('NIC')?.ALIAS_IDS).toBe('');
  });
});

describe('networks', () => {
  it('keep the place of prefixes and leases in a range, once they were there', async () => {
    const id = await network('AR=[TYPE=IP4_6,IP=10.0.0.1,SIZE=9,GLOBAL_PREFIX="2001:db8::"]\nAR=[TYPE=ETHER,SIZE=2]\n');
    const shown = async () => await one.oneadmin.call<string>('one.vnpool.info', -2, -1, -1);
    expect(await shown()).not.toContain('<ALLOCATED>');
    await one.oneadmin.call('one.vn.hold', id, 'LEASES=[IP=10.0.0.2]\n');
    await one.oneadmin.call('one.vn.release', id, 'LEASES=[IP=10.0.0.2]\n');
    expect(await shown()).toContain('<ALLOCATED><![CDATA[]]></ALLOCATED>');
    await one.oneadmin.call('one.vn.update_ar', id, 'AR=[AR_ID=0,SIZE=8]\n');
    const info = await one.oneadmin.call<string>('one.vn.info', id, false);
    expect(info).toContain('<GLOBAL_PREFIX><![CDATA[]]></GLOBAL_PREFIX>');
    expect(info).not.toContain('<ALLOCATED>');
  });
});

describe('VM templates', () => {
  it('whose images are gone are not copied with them, which spends an id', async () => {
    const id = await one.oneadmin.call('one.template.allocate', 'NAME=t\nDISK=[IMAGE_ID=77]\n');
    expect(await one.oneadmin.refusal('one.template.clone', id, 'copy', true)).toBe(
      '2048 [one.template.clone] Failed to clone images: ',
    );
    expect(await one.oneadmin.call('one.template.clone', id, 'copy', false)).toBe(id + 2);
    const bits = Array.from({ length: 9 }, () => -1);
    expect(await one.oneadmin.refusal('one.template.chmod', id, ...bits, true)).toBe(
      '2048 [one.template.chmod] Cannot chmod image: 77',
    );
  });

  it('neither give their images to whoever may not use these, nor show them extended', async () => {
    const ada = await one.user('ada');
    const datastore = await one.datastore('d');
    const image = await one.oneadmin.call('one.image.allocate', 'NAME=i\nTYPE=DATABLOCK\nSIZE=1\n', datastore, false);
    const id = await one.oneadmin.call('one.template.allocate', `NAME=t\n${SMALL}DISK=[IMAGE_ID=${image}]\n`);
    await one.oneadmin.call('one.template.chmod', id, -1, -1, -1, -1, -1, -1, 1, -1, -1);
    expect(await ada.refusal('one.template.info', id, true)).toContain(
      `Not authorized to perform USE IMAGE [${image}].`,
    );
    expect(await ada.refusal('one.vm.allocate', `${SMALL}DISK=[IMAGE_ID=${image}]\n`, true)).toContain('USE IMAGE');
    expect(await ada.refusal('one.template.instantiate', id, 'vm', true, '', false)).toContain('USE IMAGE');
  });

  it('that were copied for a VM stay when no VM comes of them', async () => {
    const id = await one.oneadmin.call('one.template.allocate', 'NAME=t\nMEMORY=-5\nCPU=1\n');
    expect(await one.oneadmin.refusal('one.template.instantiate', id, 'vm', true, '', true)).toContain('MEMORY');
    expect(one.cloud.pools.template.get(id + 1)?.name).toBe('vm');
  });

  it('spend the first id where a scheduled action is wrong', async () => {
    const wrong = 'NAME=t\nSCHED_ACTION=[ACTION=fly,TIME=1]\n';
    expect(await one.oneadmin.refusal('one.template.allocate', wrong)).toContain('fly is not supported.');
    expect(await one.oneadmin.call('one.template.allocate', 'NAME=t\n')).toBe(1);
  });
});

describe('templates of images and users', () => {
  it('have the last attribute of a name', async () => {
    const datastore = await one.datastore('d');
    const twice = 'A=1\nA=2\n';
    const template = `NAME=i\nTYPE=DATABLOCK\nSIZE=1\n${twice}`;
    const id = await one.oneadmin.call('one.image.allocate', template, datastore, false);
    expect(await one.oneadmin.call<string>('one.image.info', id, false)).toMatch(
      /<TEMPLATE><A><!\[CDATA\[2]]><\/A><DEV/,
    );
    await one.oneadmin.call('one.user.update', 0, twice, 1);
    expect(one.cloud.pools.user.get(0)?.template.attributes.filter(([name]) => name === 'A')).toEqual([['A', '2']]);
  });
});

describe('what is given to a VM later', () => {
  it('is refused in the words of the parser where it is no template', async () => {
    const id = await held();
    expect(await one.oneadmin.refusal('one.vm.update', id, '<X>', 0)).toBe(
      '2048 [one.vm.update] Parse error: XML Template malformed.',
    );
  });
});

describe('what is asked first', () => {
  it('is the name of a VM', async () => {
    expect(await one.oneadmin.refusal('one.vm.allocate', 'NAME="a;b"\nCPU=x\n', true)).toBe(
      "8192 [one.vm.allocate] Invalid NAME, char ';' is not allowed",
    );
  });

  it('of an image is the type, where there is no such type', async () => {
    const datastore = await one.datastore('d');
    expect(await one.oneadmin.refusal('one.image.allocate', 'NAME=i\nTYPE=BAD\nSIZE=9\n', datastore, false)).toContain(
      '16384 [one.image.allocate] Error allocating a new image. Unknown type',
    );
  });
});

describe('RAW', () => {
  const text = '[one.template.allocate] Invalid RAW section: cannot validate DATA with domain.rng schema';
  const template = (data: string) => `NAME=t\nRAW=[TYPE=kvm,DATA="${data}"]\n`;

  it.each(['x', '<os>', '<os/>x', '<a/>'])('is made of elements where it is for libvirt, not of %s', async (data) => {
    expect(await one.oneadmin.refusal('one.template.allocate', template(data))).toBe(`8192 ${text}`);
  });

  it('is asked the same when the configuration of a VM changes', async () => {
    const id = await held();
    expect(await one.oneadmin.refusal('one.vm.updateconf', id, 'RAW=[TYPE=kvm,DATA=q]\n')).toContain(
      'cannot validate DATA with domain.rng schema',
    );
  });

  it('may have elements with attributes', async () => {
    expect(await one.oneadmin.call('one.template.allocate', template("<devices><a b='c'/></devices>"))).toBe(0);
  });
});

describe('VMs that are deleted', () => {
  it('keep in their history what put them to rest', async () => {
    const id = await running();
    await one.oneadmin.call('one.vm.action', 'poweroff', id);
    await until(id, 'POWEROFF');
    await one.oneadmin.call('one.vm.recover', id, 3);
    await until(id, 'DONE');
    expect(vmOf(id)?.history.at(-1)?.action).toBe('poweroff');
  });
});

describe('pools of VMs', () => {
  it('show of a volatile disk that it has no image', async () => {
    await held('DISK=[TYPE=fs,SIZE=9]\n');
    expect(await one.oneadmin.call<string>('one.vmpool.info', -2, -1, -1, -1)).toContain('<IMAGE><![CDATA[]]></IMAGE>');
  });
});

describe('templates in XML', () => {
  it('have names that XML can bear', async () => {
    const id = await one.oneadmin.call('one.template.allocate', 'NAME=t\n');
    await one.oneadmin.call('one.template.update', id, '<TEMPLATE><XMLA>5</XMLA><xmlb>6</xmlb></TEMPLATE>', 1);
    const { template } = one.cloud.pools.template.get(id) ?? {};
    expect([template?.get('ONE_XMLA'), template?.get('XMLB')]).toEqual(['5', '6']);
  });
});

describe('the machine of a VM whose template names none', () => {
  const NAMED = 'OS=[ARCH=x86_64,MACHINE=pc]\n';
  const KVM = 'VM_MAD=[NAME=kvm,EXECUTABLE=one_vmm_exec,TYPE=kvm';

  it.each([
    ["that of KVM's driver, for whatever host", '', '', 'q35'],
    ['the one it names', '', NAMED, 'pc'],
    ['so too where oned.conf says where the driver has its defaults', `${KVM},DEFAULT=vmm_exec_kvm.conf]\n`, '', 'q35'],
    ['none where that driver has no defaults', `${KVM}]\n`, '', undefined],
    ['the one it names there, too', `${KVM}]\n`, NAMED, 'pc'],
  ])('is %s', async (_, configuration, os, machine) => {
    await using there = await startCloudInProcess({ configuration });
    const id = await there.oneadmin.call('one.vm.allocate', SMALL + os, true);
    expect(there.cloud.pools.vm.get(id)?.template.vector('OS')?.MACHINE).toBe(machine);
  });
});

describe('AS_UID and AS_GID', () => {
  it('make VMs and networks for somebody else, of whoever may manage him', async () => {
    const ada = await one.user('ada');
    const team = await one.oneadmin.call('one.group.allocate', 'team');
    const template = await one.oneadmin.call('one.template.allocate', `NAME=for\n${SMALL}`);
    const made = (extra: string) => one.oneadmin.call('one.template.instantiate', template, '', true, extra, false);
    const forAda = vmOf(await made(`AS_UID=${ada.id}\n`));
    expect(forAda).toMatchObject({ uid: ada.id, uname: 'ada', gid: 0 });
    expect(forAda?.userTemplate.has('AS_UID')).toBe(false);
    expect(vmOf(await made(`AS_GID=${team}\n`))).toMatchObject({ uid: 0, gid: team, gname: 'team' });

    const bob = await one.user('bob');
    await one.oneadmin.call('one.template.chmod', template, -1, -1, -1, -1, -1, -1, 1, -1, -1, false);
    expect(await bob.refusal('one.template.instantiate', template, '', true, `AS_UID=${ada.id}\n`, false)).toContain(
      `Not authorized to perform MANAGE USER [${ada.id}]`,
    );
    expect(await one.oneadmin.refusal('one.template.instantiate', template, '', true, 'AS_GID=99\n', false)).toContain(
      'Error getting',
    );
  });
});
