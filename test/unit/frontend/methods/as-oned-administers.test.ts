/** Rules of OpenNebula 7.4 for users, clusters, datastores, hosts and zones, compared with what oned answers to the same calls. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

let one: CloudInProcess;

beforeEach(async () => {
  one = await startCloudInProcess();
});

afterEach(() => one[Symbol.asyncDispose]());

describe('passwords', () => {
  it.each([
    ['a b', "Invalid password, character ' ' is not allowed"],
    ['', 'Invalid password, it cannot be empty'],
    ['x'.repeat(257), 'Password is longer than max allowed length. Max allowed length for the driver core : 256 bytes'],
  ])('are not %j', async (password, text) => {
    const ada = await one.user('ada');
    expect(await one.oneadmin.refusal('one.user.passwd', ada.id, password)).toBe(`2048 [one.user.passwd] ${text}`);
    expect(await one.oneadmin.refusal('one.user.allocate', 'bea', password, 'core', [])).toBe(
      `8192 [one.user.allocate] ${text}.`,
    );
  });
});

describe('templates of users and groups', () => {
  it('name operations on VMs that there are', async () => {
    const ada = await one.user('ada');
    const text = 'Cannot update template. Unknown vm operation: fly';
    for (const [kind, id] of [
      ['user', ada.id],
      ['group', 1],
    ] as const) {
      const list = 'VM_USE_OPERATIONS="hold, fly"\n';
      expect(await one.oneadmin.refusal(`one.${kind}.update`, id, list, 1)).toBe(`8192 [one.${kind}.update] ${text}`);
    }
  });
});

describe('login tokens', () => {
  it('are listed in their order, and one that ends is told', async () => {
    const ada = await one.user('ada');
    await ada.call('one.user.login', 'ada', 'zz', 3600, -1);
    await ada.call('one.user.login', 'ada', 'aa', 3600, -1);
    expect(one.cloud.pools.user.get(ada.id)?.tokens.map(({ token }) => token)).toEqual(['aa', 'zz']);
    expect(await ada.call('one.user.login', 'ada', 'aa', 0, -1)).toBe('aa');
  });
});

describe('clusters', () => {
  it('balance loads by words that are known, in lower case', async () => {
    const id = await one.oneadmin.call('one.cluster.allocate', 'blue');
    const update = ['one.cluster.update', id] as const;
    await one.oneadmin.call(...update, 'ONE_DRS=[POLICY=Balance,AUTOMATION=FULL]\n', 1);
    expect(one.cloud.pools.cluster.get(id)?.template.vector('ONE_DRS')).toEqual({
      POLICY: 'balance',
      AUTOMATION: 'full',
    });
    for (const [drs, name] of [
      ['AUTOMATION=full', 'POLICY'],
      ['POLICY=pack,AUTOMATION=some', 'AUTOMATION'],
      ['POLICY=pack,AUTOMATION=full,CPU_WEIGHT=x', 'CPU_WEIGHT'],
    ]) {
      expect(await one.oneadmin.refusal(...update, `ONE_DRS=[${drs}]\n`, 0)).toContain(
        `Error cluster template contains invalid ${name}`,
      );
    }
  });

  it('lose a host whichever of them is named', async () => {
    const id = await one.oneadmin.call('one.cluster.allocate', 'blue');
    const host = await one.oneadmin.call('one.host.allocate', 'dummy-1', 'dummy', 'dummy', id);
    expect(await one.oneadmin.call('one.cluster.delhost', 99, host)).toBe(99);
    expect(one.cloud.pools.host.get(host)?.clusterId).toBe(0);
  });
});

describe('datastores', () => {
  it.each([
    ['DS_MAD=nosuch', 'DS_MAD named "nosuch" is not defined in oned.conf'],
    ['TYPE=BLAH\nDS_MAD=ceph', 'Datastore template is missing the "BRIDGE_LIST" attribute or it\'s empty.'],
  ])('are not changed to %j', async (change, text) => {
    const id = await one.datastore('d');
    expect(await one.oneadmin.refusal('one.datastore.update', id, `${change}\n`, 1)).toContain(text);
  });

  it('of the system need a driver to become one of images', async () => {
    const id = await one.oneadmin.call('one.datastore.allocate', 'NAME=s\nTM_MAD=dummy\nTYPE=SYSTEM_DS\n', -1);
    const update = ['one.datastore.update', id] as const;
    expect(await one.oneadmin.refusal(...update, 'TYPE=IMAGE_DS\n', 1)).toContain('DS_MAD named "-" is not defined');
    expect(await one.oneadmin.call(...update, 'TYPE=IMAGE_DS\nDS_MAD=dummy\n', 1)).toBe(id);
  });
});

describe('hosts by their template', () => {
  it('have other drivers, and those devices that it chooses', async () => {
    const id = await one.host('dummy-1');
    await one.oneadmin.call('one.host.update', id, 'IM_MAD=other\nPCI_FILTER="15b3:1015"\n', 1);
    expect(one.cloud.pools.host.get(id)?.imMad).toBe('other');
    await one.oneadmin.call('one.host.update', id, 'IM_MAD=dummy\n', 1);
    await one.oneadmin.call('one.host.status', id, 2);
    await one.oneadmin.call('one.host.status', id, 0);
    const devices = () => one.cloud.pools.host.get(id)?.share.pciDevices ?? [];
    await one.until(() => one.cloud.pools.host.get(id)?.state === 'MONITORED');
    expect(devices().length).toBeGreaterThan(0);
    expect(devices().every(({ VENDOR, DEVICE }) => VENDOR === '15b3' && DEVICE === '1015')).toBe(true);
  });
});

describe('zones', () => {
  it('are enabled where they are, and have an endpoint', async () => {
    expect(await one.oneadmin.refusal('one.zone.enable', 9, true)).toContain('set through the target zone endpoints');
    await one.oneadmin.call('one.zone.update', 0, 'ENDPOINT=""\n', 1);
    expect(one.cloud.pools.zone.get(0)?.template.get('ENDPOINT')).toBe('-');
    const ada = await one.user('ada');
    expect(await ada.refusal('one.zone.raftstatus')).toContain('Not authorized to perform ADMIN ZONE [0]');
    expect(await one.oneadmin.refusal('one.zone.delserver', 0, 5)).toBe(
      '2048 [one.zone.delserver] SERVER not found in zone',
    );
    expect(await one.oneadmin.refusal('one.cluster.planexecute', 0)).toBe(
      '2048 [one.cluster.planexecute] Plan is not ready',
    );
  });
});

describe('objects that there are not', () => {
  it.each([
    [-1, 'Pool'],
    [-2, '[-2]'],
  ])('are told by their id, %i as %s', async (id, text) => {
    expect(await one.oneadmin.refusal('one.cluster.info', id, false)).toBe(
      `1024 [one.cluster.info] Error getting cluster ${text}.`,
    );
  });
});

describe('ids below zero', () => {
  it('ask for the right to all objects of the kind before anything is looked for', async () => {
    const ada = await one.user('ada');
    expect(await ada.refusal('one.group.info', -2, false)).toBe(
      '512 [one.group.info] User [2] : Not authorized to perform USE GROUP.',
    );
    expect(await ada.refusal('one.cluster.delete', -2)).toBe('1024 [one.cluster.delete] Error getting cluster [-2].');
    expect(await ada.refusal('one.vn.add_ar', -2, 'AR=[TYPE=ETHER,SIZE=1]\n')).toContain('1024 [one.vn.add_ar]');
  });
});

describe('copies', () => {
  const original = { document: ['NAME=o\n', 100], secgroup: ['NAME=o\n'], template: ['NAME=o\nCPU=1\n'] } as const;

  it.each(Object.entries(original))(
    'of a %s are made by whoever may make one, in words of oned, and may use the original',
    async (kind, args) => {
      const ada = await one.user('ada');
      const id = await one.oneadmin.call(`one.${kind}.allocate`, ...args);
      expect(await ada.refusal(`one.${kind}.info`, id, false)).toContain('512');
      expect(await ada.refusal(`one.${kind}.clone`, id, 'copy')).toContain(`USE ${kind.toUpperCase()} [${id}].`);
      await one.oneadmin.call(`one.${kind}.chmod`, id, -1, -1, -1, -1, -1, -1, 1, -1, -1);
      expect(await ada.call(`one.${kind}.clone`, id, 'copy')).toBe(id + 1);
      await one.oneadmin.call('one.group.allocate', 'others');
      const bob = await one.user('bob', [100]);
      const type = kind.toUpperCase();
      expect(await bob.refusal(`one.${kind}.clone`, id, 'copy')).toBe(
        `512 [one.${kind}.clone] User [3] : Not authorized to perform CREATE ${type} [${id}]; Not authorized to perform CREATE ${type}.`,
      );
    },
  );
});

describe('rights', () => {
  it('to delete a zone are those of an administrator, and to actions of VMs are asked before the VM is', async () => {
    const ada = await one.user('ada');
    expect(await ada.refusal('one.zone.delete', 0)).toContain('Not authorized to perform ADMIN ZONE [0].');
    expect(await ada.refusal('one.vm.schedadd', -1, 'X=1\n')).toContain('Not authorized to perform MANAGE VM.');
  });
});

describe('backup datastores', () => {
  it('have no transfer driver, whatever changes', async () => {
    const template = 'NAME=b\nTYPE=BACKUP_DS\nDS_MAD=dummy\nTM_MAD=dummy\n';
    const id = await one.oneadmin.call('one.datastore.allocate', template, -1);
    await one.oneadmin.call('one.datastore.update', id, 'A=1\n', 1);
    expect(await one.oneadmin.read('TM_MAD', 'one.datastore.info', id, false)).toBe('-');
  });
});

describe('a rule that says in other numbers what there is', () => {
  it('is one more', async () => {
    const rule = ['100000002', '2400000000'] as const;
    await one.oneadmin.call('one.acl.addrule', ...rule, 'f');
    expect(typeof (await one.oneadmin.call('one.acl.addrule', ...rule, '-1'))).toBe('number');
    expect(await one.oneadmin.refusal('one.acl.addrule', ...rule, '0xf')).toBe(
      '8192 [one.acl.addrule] Rule #2 HOST/* USE+MANAGE+ADMIN+CREATE #0 already exists',
    );
  });
});

describe('rules for backup jobs', () => {
  it('may name a cluster', async () => {
    const rule = ['200000001', '100006800000064', '1'] as const;
    expect(typeof (await one.oneadmin.call('one.acl.addrule', ...rule))).toBe('number');
  });
});

describe('documents', () => {
  it('have any name but one that breaks the XML', async () => {
    await one.oneadmin.call('one.document.allocate', 'NAME="a$b;c"\n', 100);
    expect(await one.oneadmin.refusal('one.document.allocate', 'NAME="a&b"\n', 100)).toBe(
      '8192 [one.document.allocate] Error transforming the Document to XML.',
    );
  });
});

describe('hosts', () => {
  it('tell the threads of a core that VMs may have', async () => {
    const id = await one.host('h1');
    await one.oneadmin.call('one.host.update', id, 'VMS_THREAD=2\n', 1);
    expect(await one.oneadmin.read('HOST_SHARE/VMS_THREAD', 'one.host.info', id, false)).toBe('2');
  });

  it('keep VMs off the threads that are isolated, until they are not', async () => {
    const id = await one.host('h1');
    const core = async () => {
      const share = await one.oneadmin.call('one.host.info', id, false);
      return /<CPUS><!\[CDATA\[([^\]]*)\]\]><\/CPUS>.*?<FREE><!\[CDATA\[(\d+)/.exec(String(share))?.slice(1);
    };
    await one.oneadmin.call('one.host.update', id, 'VMS_THREAD=2\nISOLCPUS="16,99"\n', 1);
    expect(await core()).toEqual(['0:-1,16:-2,32:-1,48:-1', '6']);
    await one.oneadmin.call('one.host.update', id, 'VMS_THREAD=1\nISOLCPUS=""\n', 1);
    expect(await core()).toEqual(['0:-1,16:-1,32:-1,48:-1', '4']);
  });
});

describe('ids of networks, routers, documents and VM groups', () => {
  it.each([
    ['vn', ['NAME=n\n', -1], ['NAME=n\nVN_MAD=dummy\nBRIDGE=b\n', -1]],
    ['vrouter', ['NAME=""\n'], ['NAME=r\n']],
    ['document', ['NAME="<"\n', 100], ['NAME=d\n', 100]],
    ['vmgroup', ['NAME=g\nROLE=[]\n'], ['NAME=g\nROLE=[NAME=a]\n']],
  ])('%s count from 1 when the very first was refused', async (kind, wrong, right) => {
    expect(await one.oneadmin.refusal(`one.${kind}.allocate`, ...wrong)).toContain(`[one.${kind}.allocate]`);
    expect(await one.oneadmin.call(`one.${kind}.allocate`, ...right)).toBe(1);
  });
});

describe('ids of hooks', () => {
  it('count from 1 when the very first was refused', async () => {
    expect(await one.oneadmin.refusal('one.hook.allocate', 'NAME=h\nTYPE=api\n')).toContain('[one.hook.allocate]');
    const hook = 'NAME=h\nTYPE=state\nRESOURCE=VM\nON=RUNNING\nCOMMAND=x\n';
    expect(await one.oneadmin.call('one.hook.allocate', hook)).toBe(1);
  });
});
