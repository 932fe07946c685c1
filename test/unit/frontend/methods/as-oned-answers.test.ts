/** Small rules of OpenNebula 7.4 that clients meet: words, states and ids, compared with what oned answers to the same calls. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

let one: CloudInProcess;

beforeEach(async () => {
  one = await startCloudInProcess();
});

afterEach(() => one[Symbol.asyncDispose]());

const SMALL = 'CPU=1\nMEMORY=64\n';
const vmOf = (id: number) => one.cloud.pools.vm.get(id);
const until = (id: number, phase: string) => one.until(() => vmOf(id)?.phase === phase);
const held = (more = '') => one.oneadmin.call('one.vm.allocate', SMALL + more, true);

async function running(more = ''): Promise<number> {
  await one.host('dummy-1');
  const id = await one.oneadmin.call('one.vm.allocate', SMALL + more, false);
  await until(id, 'RUNNING');
  return id;
}

async function act(action: string, id: number, phase: string): Promise<void> {
  await one.oneadmin.call('one.vm.action', action, id);
  await until(id, phase);
}

async function network(ranges = 'AR=[TYPE=IP4,IP=10.0.0.1,SIZE=9]\n'): Promise<number> {
  return one.oneadmin.call('one.vn.allocate', `NAME=n\nVN_MAD=dummy\nBRIDGE=b\n${ranges}`, -1);
}

describe('access rules', () => {
  it.each([
    [
      '100000002',
      '1000000000',
      '1',
      '#2 VM/?? USE #0',
      '[resource] is missing one of the INDIVIDUAL, GROUP, CLUSTER or ALL bits',
    ],
    ['zz', '1000400000000', '1', '?? SECGROUP/* USE #0', '[user] is missing one of the INDIVIDUAL, GROUP or ALL bits'],
    ['100000002', '1000400000000', '0', '#2 SECGROUP/*  #0', 'wrong [rights], it cannot be 0'],
  ])('that are malformed are shown as far as they can be read: %s %s %s', async (user, resource, rights, rule, why) => {
    expect(await one.oneadmin.refusal('one.acl.addrule', user, resource, rights)).toBe(
      `8192 [one.acl.addrule] Rule ${rule} is malformed: ${why}`,
    );
  });
});

describe('quotas', () => {
  it('take what is no number for nothing said, and name whose they are where they refuse', async () => {
    const ada = await one.user('ada');
    await one.oneadmin.call('one.user.quota', ada.id, 'VM=[VMS=abc]\n');
    expect((await ada.try('one.vm.allocate', SMALL, true)).ok).toBe(true);
    expect(await one.oneadmin.refusal('one.user.quota', ada.id, 'VM=[VMS=-5]\n')).toContain(
      `Negative limits or bad format in quota VM = [ UID=${ada.id},VMS=-5 ]`,
    );
  });

  it.each([
    [0, '2048 [one.group.quota] Cannot set quotas for oneadmin group'],
    [99, '512 [one.group.quota] User [0] not authorized to perform action on group.'],
  ])('of group %i are refused', async (id, text) => {
    expect(await one.oneadmin.refusal('one.group.quota', id, 'VM=[VMS=1]\n')).toBe(text);
  });
});

describe('a zone that is disabled', () => {
  it('shows what there is, and does nothing else', async () => {
    await one.oneadmin.call('one.zone.enable', 0, false);
    expect(await one.oneadmin.refusal('one.cluster.allocate', 'blue')).toBe(
      '8192 [one.cluster.allocate] Cannot process request, zone disabled',
    );
    expect((await one.oneadmin.try('one.hostpool.info')).ok).toBe(true);
    await one.oneadmin.call('one.zone.enable', 0, true);
    expect((await one.oneadmin.try('one.cluster.allocate', 'blue')).ok).toBe(true);
  });
});

describe('hosts', () => {
  it('that go offline have no capacity, and the devices and disks that they had', async () => {
    const id = await one.host('dummy-1');
    const before = one.cloud.pools.host.get(id)?.share;
    await one.oneadmin.call('one.host.status', id, 2);
    expect(one.cloud.pools.host.get(id)?.share).toEqual({ ...before, totalCpu: 0, totalMem: 0, maxCpu: 0, maxMem: 0 });
  });
});

describe('networks', () => {
  it('with a range that cannot be are in ERROR, until they are recovered', async () => {
    const id = await network('AR=[TYPE=IP4,SIZE=9]\n');
    expect(one.cloud.pools.vnet.get(id)?.state).toBe('ERROR');
    await one.oneadmin.call('one.vn.recover', id, 1);
    expect(one.cloud.pools.vnet.get(id)?.state).toBe('READY');
    expect(await one.oneadmin.refusal('one.vn.recover', id, 1)).toContain(
      "'recover success' on VN 0, wrong state READY",
    );
  });

  it('refuse reservations that cannot be read, and hold addresses of whatever range', async () => {
    const id = await network();
    expect(await one.oneadmin.refusal('one.vn.reserve', id, 'BAD')).toContain('2048 [one.vn.reserve] Parse error');
    expect(await one.oneadmin.refusal('one.vn.reserve', 99, 'NAME=r\nSIZE=1\n')).toBe(
      '1024 [one.vn.reserve] Error getting virtual network Pool.',
    );
    expect(await one.oneadmin.call('one.vn.hold', id, 'LEASES=[IP=10.0.0.2,AR_ID=x]\n')).toBe(id);
    expect(await one.oneadmin.refusal('one.vn.update_ar', id, 'AR=[AR_ID=0,SIZE=x]\n')).toContain(
      'Unable to read the SIZE attribute, it must be number >= 0',
    );
  });

  it('spend an id on a reservation for which there is no room', async () => {
    const id = await network();
    expect(await one.oneadmin.refusal('one.vn.reserve', id, 'NAME=r\nSIZE=99\n')).toContain(
      'Not enough free addresses',
    );
    expect(await one.oneadmin.call('one.vn.reserve', id, 'NAME=r\nSIZE=2\n')).toBe(id + 2);
  });
});

describe('images', () => {
  it.each([
    ['chtype', ['FOO'], '8192 [one.image.chtype] known type '],
    [
      'chtype',
      ['KERNEL'],
      '2048 [one.image.chtype] Cannot change image type to an incompatible type for the current datastore.',
    ],
    ['restore', [1, ''], '2048 [one.image.restore] Can only restore images of type BACKUP'],
  ])('refuse %s %j in its words', async (method, args, text) => {
    const datastore = await one.datastore('d');
    const id = await one.oneadmin.call('one.image.allocate', 'NAME=i\nTYPE=DATABLOCK\nSIZE=1\n', datastore, false);
    expect(await one.oneadmin.refusal(`one.image.${method}`, id, ...args)).toBe(text);
  });

  it('lose their lock with the state that it was put in, and are called as others when they are persistent', async () => {
    const datastore = await one.datastore('d');
    const id = await one.oneadmin.call('one.image.allocate', 'NAME=i\nTYPE=DATABLOCK\nSIZE=1\n', datastore, false);
    await one.until(() => one.cloud.pools.image.get(id)?.state === 'READY');
    await one.oneadmin.call('one.image.persistent', id, true);
    await one.oneadmin.call('one.image.lock', id, 3, false);
    await held(`DISK=[IMAGE_ID=${id}]\n`);
    expect(one.cloud.pools.image.get(id)).toMatchObject({ state: 'USED_PERS' });
    expect(one.cloud.pools.image.get(id)?.lock).toBeUndefined();
    expect(await one.oneadmin.refusal('one.image.enable', id, false)).toBe(
      '8192 [one.image.enable] Could not disable image: Image cannot be in state USED.',
    );
  });

  it.each(['x', '1.5'])('have no SIZE of %s', async (size) => {
    const datastore = await one.datastore('d');
    const template = `NAME=i\nTYPE=DATABLOCK\nSIZE=${size}\n`;
    expect(await one.oneadmin.refusal('one.image.allocate', template, datastore, false)).toContain(
      'Cannot parse image SIZE: Wrong number or missing SIZE attribute.',
    );
  });

  it('that are removed are listed as DELETE until their driver has done so', async () => {
    const datastore = await one.datastore('d');
    const id = await one.oneadmin.call('one.image.allocate', 'NAME=i\nTYPE=DATABLOCK\nSIZE=1\n', datastore, false);
    await one.until(() => one.cloud.pools.image.get(id)?.state === 'READY');
    await one.oneadmin.call('one.image.delete', id);
    expect(await one.oneadmin.read('IMAGE/STATE', 'one.imagepool.info', -2, -1, -1)).toBe('7');
    await one.until(() => !one.cloud.pools.image.get(id));
  });
});

describe('ids of VMs', () => {
  it('are given back when the template is refused, but for the very first', async () => {
    expect(await one.oneadmin.refusal('one.vm.allocate', 'MEMORY=64\n', true)).toContain('CPU attribute');
    expect(await held()).toBe(1);
    expect(await one.oneadmin.refusal('one.vm.allocate', 'MEMORY=64\n', true)).toContain('CPU attribute');
    expect(await held()).toBe(2);
  });

  it('are spent when only a scheduled action is refused', async () => {
    await held();
    const action = 'SCHED_ACTION=[ACTION=fly,TIME="+5"]\n';
    expect(await one.oneadmin.refusal('one.vm.allocate', SMALL + action, true)).toContain('fly is not supported.');
    expect(await held()).toBe(2);
  });
});

describe('VMs', () => {
  it.each([
    ['SCHED_REQUIREMENTS=""', 'Error parsing: . syntax error, unexpected $end, expecting VARIABLE or RSTRING'],
    [
      'CONTEXT=[A="$USER["]',
      'Error parsing: A=$USER[@^_^@DISK_ID=0@^_^@TARGET=sda. syntax error, unexpected EOA, expecting VARIABLE',
    ],
    ['CONTEXT=[A="$(hostname)"]', 'syntax error, unexpected EOA, expecting $end or VARIABLE or RSTRING'],
    ['OS=[KERNEL_DS=foo]', 'Error parsing: foo. syntax error, unexpected RSTRING, expecting VARIABLE'],
    ['DISK=[IMAGE_ID=x]', 'DISK 0: Unknown disk type '],
    [
      'TOPOLOGY=[SOCKETS=3]',
      'Non-pinned VMs with a virtual topology needs to set  SOCKETS, CORES and THREADS numbers.',
    ],
  ])('are not made of %s', async (line, text) => {
    expect(await one.oneadmin.refusal('one.vm.allocate', `${SMALL}${line}\n`, true)).toContain(text);
  });

  it('may have a $ in their context that is escaped', async () => {
    const id = await held('CONTEXT=[A="\\$(hostname)"]\n');
    expect(vmOf(id)?.template.vector('CONTEXT')?.A).toBe('\\$(hostname)');
  });

  it('whose kernel is a file lie where its datastore does', async () => {
    const template = 'NAME=kernels\nDS_MAD=dummy\nTM_MAD=dummy\nTYPE=FILE_DS\n';
    const files = await one.oneadmin.call('one.datastore.allocate', template, -1);
    await one.until(() => (one.cloud.pools.datastore.get(files)?.freeMb ?? 0) > 0);
    const kernel = 'NAME=k\nTYPE=KERNEL\nPATH="/etc/hostname"\n';
    const image = await one.oneadmin.call('one.image.allocate', kernel, files, false);
    await one.until(() => one.cloud.pools.image.get(image)?.state === 'READY');
    const id = await held('OS=[KERNEL_DS="$FILE[IMAGE=k]"]\n');
    expect(vmOf(id)?.template.get('AUTOMATIC_DS_REQUIREMENTS')).toBe('("CLUSTERS/ID" @> 0)');
  });

  it('are not searched for in JSON', async () => {
    expect(await one.oneadmin.refusal('one.vmpool.info', -2, -1, -1, -1, 'VM.NAME=x')).toBe(
      '8192 [one.vmpool.info] JSON query search is not supported by the SQL backend',
    );
  });

  it.each([
    ['exec', ['ls', ''], 'Could not execute command, VM must be in running'],
    ['attachpci', ['A=1\n'], 'PCI attribute not found'],
    ['backup', [0, false], 'Datastore needs to be of type BACKUP'],
  ])('refuse %s in the words of oned', async (action, args, text) => {
    const id = await held();
    const ada = await one.user('ada');
    const asker = action === 'exec' ? one.oneadmin : ada;
    expect(await asker.refusal(`one.vm.${action}`, id, ...args)).toBe(`2048 [one.vm.${action}] ${text}`);
  });

  it.each(['fly', 'constructor'])('have no action %s', async (action) => {
    expect(await one.oneadmin.refusal('one.vm.action', action, await held())).toBe(
      `2048 [one.vm.action] Action "${action}" is not supported`,
    );
  });
});

describe('templates', () => {
  it('are refused with a scheduled action that cannot be', async () => {
    const action = 'SCHED_ACTION=[ACTION=fly,TIME="+5"]\n';
    expect(await one.oneadmin.refusal('one.template.allocate', `NAME=t\n${action}`)).toBe(
      '8192 [one.template.allocate] fly is not supported.',
    );
  });
});

describe('boot order', () => {
  it('marks disks and NICs, and follows OS/BOOT when it changes', async () => {
    await network();
    const id = await held('DISK=[TYPE=fs,SIZE=1]\nDISK=[TYPE=fs,SIZE=1]\nNIC=[NETWORK=n]\nOS=[BOOT="disk1,nic0"]\n');
    const orders = () =>
      vmOf(id)
        ?.template.vectors('DISK')
        .map(({ ORDER }) => ORDER);
    expect(orders()).toEqual([undefined, '1']);
    expect(vmOf(id)?.template.vector('NIC')?.ORDER).toBe('2');
    await one.oneadmin.call('one.vm.updateconf', id, 'OS=[BOOT="disk0"]\n', 0);
    expect(orders()).toEqual(['1', undefined]);
  });

  it.each([
    ['disk7', 'Wrong OS/BOOT value. Device with DISK_ID 7 not found'],
    ['floppy', 'Wrong OS/BOOT value: "floppy" should be a comma-separated list of disk# or nic#'],
  ])('refuses %s', async (boot, text) => {
    expect(await one.oneadmin.refusal('one.vm.allocate', `${SMALL}OS=[BOOT="${boot}"]\n`, true)).toContain(text);
  });
});

describe('backup configuration', () => {
  it('is shown beside the template, complete', async () => {
    const id = await held('BACKUP_CONFIG=[KEEP_LAST=4,MODE=increment]\n');
    const shown = String(await one.oneadmin.call('one.vm.info', id));
    expect(shown).toContain('<MODE><![CDATA[INCREMENT]]></MODE>');
    expect(shown).toContain('<FS_FREEZE><![CDATA[NONE]]></FS_FREEZE>');
    expect(await one.oneadmin.read('BACKUPS/BACKUP_CONFIG/KEEP_LAST', 'one.vm.info', id)).toBe('4');
    expect(await one.oneadmin.read('TEMPLATE/BACKUP_CONFIG', 'one.vm.info', id)).toBeUndefined();
    await one.oneadmin.call('one.vm.updateconf', id, 'BACKUP_CONFIG=[FS_FREEZE=AGENT]\n', 1);
    expect(await one.oneadmin.read('BACKUPS/BACKUP_CONFIG/KEEP_LAST', 'one.vm.info', id)).toBe('4');
  });

  it('has what is merged into it, where there was none', async () => {
    const id = await held();
    await one.oneadmin.call('one.vm.updateconf', id, 'BACKUP_CONFIG=[MODE=FULL,KEEP_LAST=3]\n', 1);
    expect(vmOf(id)?.template.vector('BACKUP_CONFIG')).toEqual({
      MODE: 'FULL',
      KEEP_LAST: '3',
      INCREMENTAL_BACKUP_ID: '-1',
      LAST_INCREMENT_ID: '-1',
    });
  });
});

describe('files of file datastores', () => {
  beforeEach(async () => {
    const template = 'NAME=kernels\nDS_MAD=dummy\nTM_MAD=dummy\nTYPE=FILE_DS\n';
    const files = await one.oneadmin.call('one.datastore.allocate', template, -1);
    await one.until(() => (one.cloud.pools.datastore.get(files)?.freeMb ?? 0) > 0);
    for (const [name, type] of [
      ['init', 'CONTEXT'],
      ['vmlinuz', 'KERNEL'],
    ]) {
      const image = `NAME=${name}\nTYPE=${type}\nPATH="/etc/hostname"\n`;
      const id = await one.oneadmin.call('one.image.allocate', image, files, false);
      await one.until(() => one.cloud.pools.image.get(id)?.state === 'READY');
    }
  });

  it('come into the context by FILES_DS, and into OS by KERNEL_DS', async () => {
    const id = await held(
      'CONTEXT=[FILES_DS="$FILE[IMAGE=\\"init\\"]"]\nOS=[KERNEL_DS="$FILE[IMAGE_ID=1]",KERNEL="/old"]\n',
    );
    expect(vmOf(id)?.template.vector('CONTEXT')?.FILES_DS).toBe("dummy_path:'init' ");
    expect(vmOf(id)?.template.vector('OS')).toMatchObject({
      KERNEL_DS_ID: '1',
      KERNEL_DS_SOURCE: 'dummy_path',
      KERNEL_DS_TM: 'dummy',
    });
    expect(vmOf(id)?.template.vector('OS')).not.toHaveProperty('KERNEL');
  });

  it.each([
    ['CONTEXT=[FILES_DS="$FILE[IMAGE_ID=99]"]', 'Error parsing: $FILE[IMAGE_ID=99]. Image with ID: 99 does not exist'],
    ['CONTEXT=[FILES_DS="$FILE[IMAGE_ID=1]"]', 'Only images of type CONTEXT can be used in FILE_DS attribute.'],
    ['OS=[KERNEL_DS="$FILE[IMAGE=init]"]', 'KERNEL needs an image of type KERNEL and not CONTEXT'],
    ['OS=[INITRD_DS="$DISK[IMAGE_ID=1]"]', 'Error parsing: $DISK[IMAGE_ID=1]. Must use FILE variable for attribute.'],
  ])('that cannot be are refused: %s', async (template, text) => {
    expect(await one.oneadmin.refusal('one.vm.allocate', `${SMALL}${template}\n`, true)).toBe(
      `8192 [one.vm.allocate] ${text}`,
    );
  });

  it('of another user are not to be had', async () => {
    const ada = await one.user('ada');
    const template = `${SMALL}CONTEXT=[FILES_DS="$FILE[IMAGE_ID=0]"]\n`;
    expect(await ada.refusal('one.vm.allocate', template, true)).toContain('User not authorize to use image.');
  });
});

describe('devices', () => {
  it('that are attached while the guest is off are in its context when it starts', async () => {
    const net = await network();
    const id = await running(`NIC=[NETWORK=n]\nCONTEXT=[NETWORK=YES]\n`);
    await act('poweroff-hard', id, 'POWEROFF');
    await one.oneadmin.call('one.vm.attachnic', id, `NIC=[NETWORK_ID=${net}]\n`);
    await until(id, 'POWEROFF');
    expect(vmOf(id)?.template.vector('CONTEXT')).not.toHaveProperty('ETH1_IP');
    await act('resume', id, 'RUNNING');
    expect(vmOf(id)?.template.vector('CONTEXT')?.ETH1_IP).toBe('10.0.0.2');
  });

  it('are refused without the number of the disk, which is not there yet', async () => {
    const id = await running('DISK=[TYPE=fs,SIZE=1,TARGET=sda]\n');
    expect(await one.oneadmin.refusal('one.vm.attach', id, 'DISK=[IMAGE_ID=99]\n')).toBe(
      '2048 [one.vm.attach] Image with ID: 99 does not exist',
    );
    expect(await one.oneadmin.refusal('one.vm.attach', id, 'DISK=[TYPE=fs,SIZE=1,TARGET=sda]\n')).toBe(
      '2048 [one.vm.attach] Target sda is already in use.',
    );
  });

  it('of a saved guest keep their display port while it is stopped', async () => {
    const id = await running('GRAPHICS=[TYPE=vnc]\n');
    const port = vmOf(id)?.template.vector('GRAPHICS')?.PORT;
    expect(port).toBe('5900');
    await act('stop', id, 'STOPPED');
    expect(vmOf(id)?.template.vector('GRAPHICS')?.PORT).toBe(port);
    await act('resume', id, 'RUNNING');
    await act('undeploy-hard', id, 'UNDEPLOYED');
    expect(vmOf(id)?.template.vector('GRAPHICS')).not.toHaveProperty('PORT');
  });
});

describe('VMs that are gone', () => {
  it('cannot change their owner, and show no scheduled actions', async () => {
    const id = await held('SCHED_ACTION=[ACTION=terminate,TIME=4000000000]\n');
    await act('terminate-hard', id, 'DONE');
    expect(await one.oneadmin.refusal('one.vm.chown', id, 1, 1)).toBe(
      '2048 [one.vm.chown] Could not change VM ownership, wrong state',
    );
    expect(await one.oneadmin.read('TEMPLATE/SCHED_ACTION', 'one.vm.info', id)).toBeUndefined();
  });

  it('have no scheduled action to delete', async () => {
    const id = await held();
    expect(await one.oneadmin.refusal('one.vm.scheddelete', id, 9)).toBe(
      '1024 [one.vm.scheddelete] Error getting scheduled action [9].',
    );
  });
});
