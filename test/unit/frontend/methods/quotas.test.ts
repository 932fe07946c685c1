/** Where quotas are enforced, what they say, and what gives back: of users, of groups, and by default. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAll, parseXml } from '../../../../src/opennebula/xml.ts';
import { type CloudInProcess, type Session, startCloudInProcess } from '../../../support/cloud-in-process.ts';

let one: CloudInProcess;
let ada: Session & { readonly id: number };
let datastore: number;
let network: number;

beforeEach(async () => {
  one = await startCloudInProcess();
  await one.host('dummy-1');
  datastore = await one.datastore('images');
  ada = await one.user('ada');
  const template = 'NAME=n\nVN_MAD=dummy\nBRIDGE=b\nAR=[TYPE=IP4,IP=10.0.0.1,SIZE=9]\n';
  network = await one.oneadmin.call('one.vn.allocate', template, -1);
});

afterEach(() => one[Symbol.asyncDispose]());

const phaseOf = (id: number) => one.cloud.pools.vm.get(id)?.phase;
const until = (id: number, phase: string) => one.until(() => phaseOf(id) === phase);

/** A VM of Ada's that runs. */
async function vm(more = ''): Promise<number> {
  const id = await ada.call('one.vm.allocate', `CPU=1\nMEMORY=64\n${more}`, false);
  await until(id, 'RUNNING');
  return id;
}

async function off(id: number): Promise<number> {
  await ada.call('one.vm.action', 'poweroff-hard', id);
  await until(id, 'POWEROFF');
  return id;
}

async function image(name: string, more = ''): Promise<number> {
  const id = await ada.call('one.image.allocate', `NAME=${name}\nTYPE=DATABLOCK\nSIZE=10\n${more}`, datastore, false);
  await one.until(() => one.cloud.pools.image.get(id)?.state === 'READY');
  return id;
}

interface Row {
  readonly what: string;
  /** Prepares, and returns what goes beyond the limit. */
  readonly begin: () => Promise<() => Promise<string>>;
  readonly quota: () => string;
  readonly limit: string | undefined;
}

const refused = (method: string, ...args: Parameters<Session['refusal']> extends [string, ...infer P] ? P : never) =>
  ada.refusal(method, ...args);

const ROWS: readonly Row[] = [
  {
    what: 'VMs, when one is made',
    quota: () => 'VM=[VMS=1]',
    limit: 'limit of 1 reached for VMS quota in VM',
    async begin() {
      await vm();
      return () => refused('one.vm.allocate', 'CPU=1\nMEMORY=64\n', false);
    },
  },
  {
    what: 'their CPU, when one is made',
    quota: () => 'VM=[CPU=2.5]',
    limit: 'limit of 2.5 reached for CPU quota in VM',
    begin: async () => () => refused('one.vm.allocate', 'CPU=2.6\nMEMORY=64\n', false),
  },
  {
    what: 'their memory, when one is made from a template',
    quota: () => 'VM=[MEMORY=100]',
    limit: 'limit of 100 reached for MEMORY quota in VM',
    async begin() {
      const id = await ada.call('one.template.allocate', 'NAME=t\nCPU=1\nMEMORY=101\n');
      return () => refused('one.template.instantiate', id, '', false, '', false);
    },
  },
  {
    what: 'their CPU, when one grows',
    quota: () => 'VM=[CPU=2]',
    limit: 'limit of 2 reached for CPU quota in VM',
    async begin() {
      const id = await off(await vm());
      return () => refused('one.vm.resize', id, 'CPU=3\n', false);
    },
  },
  {
    what: 'VMs that run, when one goes on',
    quota: () => 'VM=[RUNNING_VMS=1]',
    limit: 'limit of 1 reached for RUNNING_VMS quota in VM',
    async begin() {
      const first = await off(await vm());
      await vm();
      return () => refused('one.vm.action', 'resume', first);
    },
  },
  {
    what: 'space in system datastores, when a disk is attached',
    quota: () => 'VM=[SYSTEM_DISK_SIZE=30]',
    // oned does not say which.
    limit: undefined,
    async begin() {
      const id = await vm('DISK=[TYPE=fs,SIZE=20]\n');
      return () => refused('one.vm.attach', id, 'DISK=[TYPE=fs,SIZE=11]\n');
    },
  },
  {
    what: 'space in system datastores, when a disk grows',
    quota: () => 'VM=[SYSTEM_DISK_SIZE=30]',
    // oned does not say which.
    limit: undefined,
    async begin() {
      const id = await vm('DISK=[TYPE=fs,SIZE=20]\n');
      return () => refused('one.vm.diskresize', id, 0, '31');
    },
  },
  {
    what: 'images, when one is registered',
    quota: () => `DATASTORE=[ID=${datastore},IMAGES=1]`,
    limit: 'limit of 1 reached for IMAGES quota in DATASTORE with ID: 101',
    async begin() {
      await image('a');
      return () => refused('one.image.allocate', 'NAME=b\nTYPE=DATABLOCK\nSIZE=1\n', datastore, false);
    },
  },
  {
    what: 'their space, when one is copied',
    quota: () => `DATASTORE=[ID=${datastore},SIZE=15]`,
    limit: 'limit of 15 reached for SIZE quota in DATASTORE with ID: 101',
    async begin() {
      const id = await image('a');
      return () => refused('one.image.clone', id, 'b', -1);
    },
  },
  {
    what: 'their space, when a disk is saved as one',
    quota: () => `DATASTORE=[ID=${datastore},SIZE=15]`,
    limit: 'limit of 15 reached for SIZE quota in DATASTORE with ID: 101',
    async begin() {
      const disk = await image('a');
      const id = await vm(`DISK=[IMAGE_ID=${disk}]\n`);
      return () => refused('one.vm.disksaveas', id, 0, 'saved', '', -1);
    },
  },
  {
    what: 'addresses, when a VM is made',
    quota: () => `NETWORK=[ID=${network},LEASES=1]`,
    limit: 'limit of 1 reached for LEASES quota in NETWORK with ID: 0',
    async begin() {
      await vm(`NIC=[NETWORK_ID=${network}]\n`);
      return () => refused('one.vm.allocate', `CPU=1\nMEMORY=64\nNIC=[NETWORK_ID=${network}]\n`, false);
    },
  },
  {
    what: 'addresses, when a NIC is attached',
    quota: () => `NETWORK=[ID=${network},LEASES=1]`,
    limit: 'limit of 1 reached for LEASES quota in NETWORK with ID: 0',
    async begin() {
      const id = await vm(`NIC=[NETWORK_ID=${network}]\n`);
      return () => refused('one.vm.attachnic', id, `NIC=[NETWORK_ID=${network}]\n`);
    },
  },
  {
    what: 'VMs of an image, when one is made',
    quota: () => 'IMAGE=[ID=0,RVMS=1]',
    limit: 'limit of 1 reached for RVMS quota in IMAGE with ID: 0',
    async begin() {
      const id = await image('a');
      await vm(`DISK=[IMAGE_ID=${id}]\n`);
      return () => refused('one.vm.allocate', `CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=${id}]\n`, false);
    },
  },
];

const OWNERS: readonly [who: string, set: (quota: string) => Promise<unknown>, prefix: () => string][] = [
  ['the user', (quota) => one.oneadmin.call('one.user.quota', ada.id, quota), () => `user [${ada.id}]`],
  ['his group', (quota) => one.oneadmin.call('one.group.quota', 1, quota), () => 'group [1]'],
  ['all users', (quota) => one.oneadmin.call('one.userquota.update', quota), () => `user [${ada.id}]`],
  ['all groups', (quota) => one.oneadmin.call('one.groupquota.update', quota), () => 'group [1]'],
];

const usedBy = (kind: 'user' | 'group', id: number) => JSON.stringify(one.cloud.pools[kind].get(id)?.quotas);

describe.each(OWNERS)('a quota of %s', (_, set, prefix) => {
  it.each(ROWS)('counts $what', async ({ begin, quota, limit }) => {
    await set(quota());
    const exceed = await begin();
    const before = [usedBy('user', ada.id), usedBy('group', 1)];
    const refusal = await exceed();
    expect(refusal).toMatch(/^(512|2048 \[one\.vm\.action\] (user|group)) /);
    expect(refusal).toContain(limit === undefined ? 'not authorized to perform action' : `${prefix()} ${limit}`);
    expect([usedBy('user', ada.id), usedBy('group', 1)]).toEqual(before);
  });
});

describe('a quota', () => {
  it('spends the id of the network for a reservation that it refuses', async () => {
    await one.oneadmin.call('one.vn.chmod', network, -1, -1, -1, -1, -1, -1, 1, -1, -1);
    await one.oneadmin.call('one.user.quota', ada.id, `NETWORK=[ID=${network},LEASES=1]`);
    expect(await ada.refusal('one.vn.reserve', network, 'NAME=r\nSIZE=2\n')).toContain('512 [one.vn.reserve] User');
    expect(await ada.call('one.vn.reserve', network, 'NAME=r\nSIZE=1\n')).toBe(network + 2);
  });

  it.each([
    ['LEASES', 'NETWORK=[ID=0,LEASES=0]\nVM=[VMS=0]'],
    ['VMS', 'VM=[VMS=0]\nIMAGE=[ID=0,RVMS=0]'],
  ])('of %s is named before those that come later', async (limit, quota) => {
    await image('i');
    await one.oneadmin.call('one.user.quota', ada.id, quota);
    const template = 'CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=0]\nNIC=[NETWORK_ID=0]\n';
    expect(await ada.refusal('one.vm.allocate', template, true)).toContain(`limit of 0 reached for ${limit} quota`);
  });

  it('that keeps a VM from going on is no matter of rights', async () => {
    const id = await off(await vm());
    await one.oneadmin.call('one.user.quota', ada.id, 'VM=[RUNNING_VMS=0]');
    expect(await ada.refusal('one.vm.action', 'resume', id)).toBe(
      `2048 [one.vm.action] user [${ada.id}] limit of 0 reached for RUNNING_VMS quota in VM`,
    );
  });

  it('that is raised lets more be used', async () => {
    await one.oneadmin.call('one.user.quota', ada.id, 'VM=[VMS=1]');
    await vm();
    await ada.refusal('one.vm.allocate', 'CPU=1\nMEMORY=64\n', false);
    await one.oneadmin.call('one.user.quota', ada.id, 'VM=[VMS=2]');
    await vm();
  });

  it('of the user goes before the default, also to set no limit', async () => {
    await one.oneadmin.call('one.userquota.update', 'VM=[VMS=1]');
    await one.oneadmin.call('one.user.quota', ada.id, 'VM=[VMS=-2]');
    await vm();
    await vm();
  });

  it('of 0 forbids', async () => {
    await one.oneadmin.call('one.user.quota', ada.id, 'VM=[VMS=0]');
    expect(await ada.refusal('one.vm.allocate', 'CPU=1\nMEMORY=64\n', false)).toContain('limit of 0 reached for VMS');
  });

  it('does not concern oneadmin', async () => {
    await one.oneadmin.call('one.userquota.update', 'VM=[VMS=0]');
    await one.oneadmin.call('one.groupquota.update', 'VM=[VMS=0]');
    await one.oneadmin.call('one.vm.allocate', 'CPU=1\nMEMORY=64\n', true);
  });

  it('is given back as VMs stop and end', async () => {
    const id = await vm(`NIC=[NETWORK_ID=${network}]\nDISK=[TYPE=fs,SIZE=20]\n`);
    const used = () => one.cloud.pools.user.get(ada.id)?.quotas.VM[0]?.used;
    expect(used()).toMatchObject({ VMS: 1, RUNNING_VMS: 1, CPU: 1, RUNNING_CPU: 1, MEMORY: 64, SYSTEM_DISK_SIZE: 20 });
    await off(id);
    expect(used()).toMatchObject({ VMS: 1, RUNNING_VMS: 0, CPU: 1, RUNNING_CPU: 0, MEMORY: 64, RUNNING_MEMORY: 0 });
    await ada.call('one.vm.action', 'terminate', id);
    await until(id, 'DONE');
    expect(one.cloud.pools.user.get(ada.id)?.quotas).toEqual({ VM: [], DATASTORE: [], NETWORK: [], IMAGE: [] });
    expect(one.cloud.pools.group.get(1)?.quotas).toEqual({ VM: [], DATASTORE: [], NETWORK: [], IMAGE: [] });
  });

  it('moves with what is given to somebody else, and may refuse it', async () => {
    const bea = await one.user('bea');
    await one.oneadmin.call('one.user.quota', bea.id, 'VM=[VMS=1]');
    const [first, second] = [await vm(), await vm()];
    await one.oneadmin.call('one.vm.chown', first, bea.id, -1);
    expect(one.cloud.pools.user.get(ada.id)?.quotas.VM[0]?.used.VMS).toBe(1);
    expect(await one.oneadmin.refusal('one.vm.chown', second, bea.id, -1)).toContain(
      `user [${bea.id}] limit of 1 reached for VMS quota in VM`,
    );
    expect(one.cloud.pools.vm.get(second)?.uid).toBe(ada.id);
  });

  it.each(['VM=[VMS=-3]', 'DATASTORE=[SIZE=1]', 'NETWORK=[ID=x,LEASES=1]'])(
    'that reads %s is refused',
    async (quota) => {
      expect(await one.oneadmin.refusal('one.user.quota', ada.id, quota)).toContain('bad format in quota');
    },
  );

  it('is set by administrators', async () => {
    expect(await ada.refusal('one.user.quota', ada.id, 'VM=[VMS=9]')).toContain(
      `Not authorized to perform ADMIN USER [${ada.id}]`,
    );
    expect(await ada.refusal('one.userquota.update', 'VM=[VMS=9]')).toMatch(/^512 /);
  });
});

describe('quotas of clusters', () => {
  const limit = (limits: string) => one.oneadmin.call('one.user.quota', ada.id, `VM=[${limits}]`);
  const lines = async () =>
    findAll(parseXml(await one.oneadmin.call<string>('one.user.info', ada.id)), 'VM_QUOTA/VM').map((line) =>
      Object.fromEntries(
        ['CLUSTER_IDS', 'VMS', 'VMS_USED', 'RUNNING_VMS_USED', 'CPU_USED'].map((name) => [
          name,
          findAll(line, name)[0]?.text,
        ]),
      ),
    );
  const lab = { CLUSTER_IDS: '0,100', VMS: '1', VMS_USED: '1', RUNNING_VMS_USED: '1', CPU_USED: '1' };
  const all = { VMS: '-1', VMS_USED: '1', RUNNING_VMS_USED: '1', CPU_USED: '1' };

  beforeEach(() => one.oneadmin.call('one.cluster.allocate', 'lab'));

  it('count what is there already, and what comes and goes', async () => {
    const id = await vm();
    await limit('CLUSTER_IDS="100,0,100",VMS=1');
    expect(await lines()).toEqual([expect.objectContaining(all), lab]);
    await off(id);
    expect((await lines())[1]).toMatchObject({ VMS_USED: '1', RUNNING_VMS_USED: '0' });
    await ada.call('one.vm.action', 'terminate-hard', id);
    await until(id, 'DONE');
    expect(await lines()).toMatchObject([{ CLUSTER_IDS: '0,100', VMS_USED: '0' }]);
    await limit('CLUSTER_IDS="0,100"');
    expect(await lines()).toEqual([]);
  });

  it('hold VMs back where they are reached, and say so', async () => {
    await limit('CLUSTER_IDS="0,100",VMS=1');
    await vm();
    const second = await ada.call('one.vm.allocate', 'CPU=1\nMEMORY=64\n', true);
    const host = [...one.cloud.pools.host.all()][0]?.id ?? -1;
    expect(await one.oneadmin.refusal('one.vm.deploy', second, host, false, -1)).toContain(
      `user [${ada.id}] limit of 1 reached for VMS quota in VM with ID: 0,100`,
    );
    expect(phaseOf(second)).toBe('HOLD');
  });

  it('follow a host into another cluster', async () => {
    await vm();
    await limit('CLUSTER_IDS=0,VMS=5');
    await limit('CLUSTER_IDS=100,VMS=5');
    const used = async () => (await lines()).slice(1).map(({ VMS_USED }) => VMS_USED);
    expect(await used()).toEqual(['1', '0']);
    await one.oneadmin.call('one.cluster.addhost', 100, [...one.cloud.pools.host.all()][0]?.id ?? -1);
    expect(await used()).toEqual(['0', '1']);
  });

  it.each([
    ['CLUSTER_IDS=77,VMS=1', 'Cluster 77 does not exist'],
    ['CLUSTER_IDS=100,VMS=1', 'Quota for cluster id 100 already exists'],
    ['CLUSTER_IDS="0,100",VMS=-5', 'Negative limits or bad format in quota VM'],
  ])('cannot be %s', async (limits, problem) => {
    await limit('CLUSTER_IDS="0,100",VMS=1');
    expect(await one.oneadmin.refusal('one.user.quota', ada.id, `VM=[${limits}]`)).toContain(problem);
  });
});
