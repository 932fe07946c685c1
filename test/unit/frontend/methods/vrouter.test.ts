import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudInProcess, type Session, startCloudInProcess } from '../../../support/cloud-in-process.ts';

const NETWORK = 'NAME=net\nVN_MAD=dummy\nBRIDGE=b\nAR=[TYPE=IP4,IP=192.0.2.10,SIZE=8]\n';
const FLOATING = 'NIC=[NETWORK_ID=0,FLOATING_IP=YES]\n';
const APPLIANCE = 'NAME=appliance\nVROUTER=YES\nCPU=1\nMEMORY=64\nNIC=[NETWORK_ID=0]\nCONTEXT=[NETWORK=YES]\n';

let one: CloudInProcess;
let ada: Session & { readonly id: number };
let router: number;
let appliance: number;

const vmsOf = (id = router) => [...one.cloud.links.of('vrouter.vms', id)];
const vmOf = (id: number | undefined) => one.cloud.pools.vm.get(id ?? -1);
const nicsOf = (id: number) => one.cloud.pools.vrouter.get(id)?.template.vectors('NIC') ?? [];
const leases = () => [...one.cloud.leases.of(0, 0).values()].map(({ kind, id }) => `${kind} ${id}`);
const routersOfNetwork = () => [...one.cloud.links.of('vnet.vrouters', 0)];
const instantiate = (count: number, hold = true) =>
  one.oneadmin.call('one.vrouter.instantiate', router, count, appliance, '', hold, '');
const running = () => vmsOf().every((id) => vmOf(id)?.phase === 'RUNNING');

/** A router with an address that floats, and a template for its VMs. */
beforeEach(async () => {
  one = await startCloudInProcess();
  await one.host('dummy-1');
  ada = await one.user('ada');
  await one.oneadmin.call('one.vn.allocate', NETWORK, -1);
  appliance = await one.oneadmin.call('one.template.allocate', APPLIANCE);
  router = await one.oneadmin.call('one.vrouter.allocate', `NAME=gate\nKEEPALIVED_PASSWORD=secret\n${FLOATING}`);
});

afterEach(() => one[Symbol.asyncDispose]());

describe('a virtual router', () => {
  it('holds the addresses that float, and keeps them apart from those of its VMs', () => {
    const [nic] = nicsOf(router);
    expect(nic).toMatchObject({ NIC_ID: '0', NETWORK: 'net', VROUTER_IP: '192.0.2.10' });
    expect(nic).not.toHaveProperty('IP');
    expect(leases()).toEqual([`VROUTER ${router}`]);
    expect(routersOfNetwork()).toEqual([router]);
  });

  it('has no address where none is to float', async () => {
    const plain = await one.oneadmin.call('one.vrouter.allocate', 'NAME=plain\nNIC=[NETWORK_ID=0]\n');
    expect(nicsOf(plain)).toEqual([{ NIC_ID: '0', NETWORK: 'net', NETWORK_ID: '0' }]);
    expect(leases()).toHaveLength(1);
  });

  it('takes nothing when one of its NICs cannot be', async () => {
    const wrong = `NAME=x\n${FLOATING}NIC=[NETWORK_ID=77]\n`;
    expect(await one.oneadmin.refusal('one.vrouter.allocate', wrong)).toContain('with ID: 77 does not exist');
    expect(leases()).toHaveLength(1);
    expect(routersOfNetwork()).toEqual([router]);
  });

  it('keeps its NICs when its template is replaced', async () => {
    await one.oneadmin.call('one.vrouter.update', router, 'COLOUR=red\nNIC=[NETWORK_ID=77]\n', 0);
    expect(nicsOf(router)).toEqual([expect.objectContaining({ VROUTER_IP: '192.0.2.10' })]);
    expect(one.cloud.pools.vrouter.get(router)?.template.get('COLOUR')).toBe('red');
  });

  it('is made only by who may use its networks', async () => {
    expect(await ada.refusal('one.vrouter.allocate', 'NAME=x\n')).toContain('CREATE VROUTER');
    const everyRouter = '0x4000400000000';
    await one.oneadmin.call('one.acl.addrule', `0x${(2 ** 32 + ada.id).toString(16)}`, everyRouter, '0x8');
    expect(await ada.call('one.vrouter.allocate', `NAME=x\n${FLOATING}`)).toBe(router + 1);
    await one.oneadmin.call('one.vn.lock', 0, 1, false);
    expect(await ada.refusal('one.vrouter.allocate', `NAME=x\n${FLOATING}`)).toMatch(/^512 .*USE NET \[0\]/);
  });

  it('counts its floating addresses for its owner, who may change', async () => {
    await one.oneadmin.call('one.user.quota', ada.id, 'NETWORK=[ID=0,LEASES=1]\n');
    const more = await one.oneadmin.call('one.vrouter.allocate', `NAME=two\n${FLOATING}${FLOATING}`);
    expect(await one.oneadmin.refusal('one.vrouter.chown', more, ada.id, -1)).toContain('LEASES quota');
    await one.oneadmin.call('one.vrouter.chown', router, ada.id, -1);
    expect(await one.oneadmin.refusal('one.vrouter.attachnic', router, FLOATING)).toContain('LEASES quota');
    await one.oneadmin.call('one.vrouter.delete', router);
    expect(one.cloud.pools.user.get(ada.id)?.quotas.NETWORK[0]?.used.LEASES).toBe(0);
  });
});

describe('VMs of a virtual router', () => {
  it('end in the names of their owners when the router goes', async () => {
    await instantiate(1, false);
    await one.until(running);
    const [id] = vmsOf();
    await one.oneadmin.call('one.vm.chown', id as number, ada.id, 1);
    await one.oneadmin.call('one.vrouter.delete', router);
    await one.until(() => vmOf(id)?.phase === 'DONE');
    expect(vmOf(id)?.history.at(-1)?.actor).toMatchObject({ uid: ada.id, gid: 1 });
  });

  it('are made on hold until all are there, and say so ever after', async () => {
    await instantiate(2, false);
    await one.until(running);
    expect(vmsOf().map((id) => vmOf(id)?.template.get('SUBMIT_ON_HOLD'))).toEqual(['YES', 'YES']);
  });

  it('have its NICs instead of those of the template, with addresses of their own', async () => {
    await instantiate(2);
    const [first, second] = vmsOf().map(vmOf);
    expect([first?.name, second?.name]).toEqual(['vr-gate-0', 'vr-gate-1']);
    expect(second?.template.vectors('NIC')).toEqual([
      expect.objectContaining({ IP: '192.0.2.12', VROUTER_IP: '192.0.2.10' }),
    ]);
    expect(leases().toSorted()).toEqual([`VM ${first?.id}`, `VM ${second?.id}`, `VROUTER ${router}`]);
  });

  it('know in their context which router they are, and how they find each other', async () => {
    await instantiate(1);
    expect(vmOf(vmsOf()[0])?.template.vector('CONTEXT')).toMatchObject({
      ETH0_VROUTER_IP: '192.0.2.10',
      VROUTER_ID: String(router),
      VROUTER_KEEPALIVED_ID: String(router + 1),
      VROUTER_KEEPALIVED_PASSWORD: 'secret',
    });
  });

  it('have no address of their own with FLOATING_ONLY', async () => {
    await one.oneadmin.call('one.vrouter.attachnic', router, 'NIC=[NETWORK_ID=0,FLOATING_IP=YES,FLOATING_ONLY=YES]\n');
    await instantiate(1);
    const nic = vmOf(vmsOf()[0])?.template.vectors('NIC')[1];
    expect(nic).toMatchObject({ MAC: expect.stringMatching(/^02:00:/), VROUTER_IP: '192.0.2.11' });
    expect(nic).not.toHaveProperty('IP');
    expect(leases().filter((owner) => owner.startsWith('VM'))).toHaveLength(1);
  });

  it('are all made or none', async () => {
    const refusal = await one.oneadmin.refusal('one.vrouter.instantiate', router, 8, appliance, '', true, '');
    expect(refusal).toContain('Cannot get IP/MAC lease from virtual network 0.');
    expect(vmsOf()).toEqual([]);
    expect(leases()).toHaveLength(1);
  });

  it('come from the template of the last time unless another one is named', async () => {
    await instantiate(1);
    await one.oneadmin.call('one.vrouter.instantiate', router, 1, -1, 'more-%i', true, '');
    expect(vmsOf().map((id) => vmOf(id)?.name)).toEqual(['vr-gate-0', 'more-0']);
  });

  it('go to another owner and get other permissions with their router', async () => {
    await instantiate(1);
    await one.oneadmin.call('one.vrouter.chown', router, ada.id, 1);
    await one.oneadmin.call('one.vrouter.chmod', router, -1, -1, -1, 1, -1, -1, -1, -1, -1);
    const vm = vmOf(vmsOf()[0]);
    expect(vm).toMatchObject({ uid: ada.id, gid: 1, permissions: one.cloud.pools.vrouter.get(router)?.permissions });
  });

  it.each([
    ['one.vm.attachnic', ['NIC=[NETWORK_ID=0]\n']],
    ['one.vm.detachnic', [0]],
    ['one.vm.updatenic', [0, 'MODEL=virtio\n', 1]],
    ['one.vm.attach', ['DISK=[IMAGE_ID=0]\n']],
    ['one.vm.detach', [0]],
  ] as const)('leave %s to the router', async (method, rest) => {
    await instantiate(1, false);
    await one.until(running);
    const refusal = await one.oneadmin.refusal(method, vmsOf()[0] as number, ...rest);
    expect(refusal).toContain('Action is not supported for virtual router VMs');
  });

  it('are the router’s until they end', async () => {
    await instantiate(2);
    const [first, second] = vmsOf() as [number, number];
    await one.oneadmin.call('one.vm.action', 'terminate-hard', first);
    expect(vmsOf()).toEqual([second]);
  });

  it('end with their router, whose addresses go back to the network', async () => {
    await instantiate(1, false);
    await one.until(running);
    await instantiate(1);
    const vms = vmsOf();
    await one.oneadmin.call('one.vrouter.delete', router);
    await one.until(() => vms.every((id) => vmOf(id)?.phase === 'DONE'));
    expect(leases()).toEqual([]);
    expect(routersOfNetwork()).toEqual([]);
  });
});

describe('NICs of a virtual router', () => {
  it('come to each of its VMs, and go again', async () => {
    await instantiate(2, false);
    await one.until(running);
    await one.oneadmin.call('one.vrouter.attachnic', router, 'NIC=[NETWORK_ID=0]\n');
    await one.until(running);
    expect(vmsOf().map((id) => vmOf(id)?.template.vectors('NIC').length)).toEqual([2, 2]);
    await one.oneadmin.call('one.vrouter.detachnic', router, 1);
    await one.until(running);
    expect(vmsOf().map((id) => vmOf(id)?.template.vectors('NIC').length)).toEqual([1, 1]);
    expect(routersOfNetwork()).toEqual([router]);
    expect(nicsOf(router)).toHaveLength(1);
  });

  it('are in the network that the caller means by its name', async () => {
    await one.oneadmin.call('one.vrouter.chown', router, ada.id, -1);
    await one.oneadmin.call('one.vrouter.attachnic', router, 'NIC=[NETWORK=net]\n');
    expect(nicsOf(router)[1]).toMatchObject({ NETWORK_ID: '0' });
  });

  it('go also when a VM never got them', async () => {
    const bare = await one.oneadmin.call('one.vm.allocate', 'CPU=1\nMEMORY=64\n', false);
    one.cloud.transaction(() => one.cloud.links.add('vrouter.vms', router, bare));
    await one.until(running);
    await one.oneadmin.call('one.vrouter.detachnic', router, 0);
    expect(nicsOf(router)).toEqual([]);
  });

  it('come to none of them when one VM cannot have it', async () => {
    await instantiate(1, false);
    await one.until(running);
    await instantiate(1);
    const refusal = await one.oneadmin.refusal('one.vrouter.attachnic', router, FLOATING);
    expect(refusal).toMatch(/^2048 .*wrong state HOLD/);
    expect(nicsOf(router)).toHaveLength(1);
    expect(leases()).toHaveLength(3);
    expect(vmOf(vmsOf()[0])?.phase).toBe('RUNNING');
  });

  it('are detached from the router’s network with the last of them', async () => {
    await one.oneadmin.call('one.vrouter.detachnic', router, 0);
    expect([leases(), routersOfNetwork(), nicsOf(router)]).toEqual([[], [], []]);
  });
});
