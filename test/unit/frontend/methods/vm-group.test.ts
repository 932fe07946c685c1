import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentRecord } from '../../../../src/frontend/objects/vm.ts';
import { type CloudInProcess, type Session, startCloudInProcess } from '../../../support/cloud-in-process.ts';

const APART =
  'NAME=app\nROLE=[NAME=web,POLICY=ANTI_AFFINED]\nROLE=[NAME=db]\nROLE=[NAME=cache]\nANTI_AFFINED="db,cache"\n';
const SIZE = 'CPU=0.1\nMEMORY=64\n';
const inRole = (role: string, group = 'VMGROUP_NAME=app') => `${SIZE}VMGROUP=[${group},ROLE=${role}]\n`;

let one: CloudInProcess;
let app: number;

beforeEach(async () => {
  one = await startCloudInProcess();
  app = await one.oneadmin.call('one.vmgroup.allocate', APART);
});

afterEach(() => one[Symbol.asyncDispose]());

const vmsOf = async (role: string) => {
  const document = await one.oneadmin.call<string>('one.vmgroup.info', app);
  return new RegExp(`<NAME><!\\[CDATA\\[${role}]]></NAME>(?:<POLICY>[^/]*</POLICY>)?<VMS><!\\[CDATA\\[([\\d,]+)`).exec(
    document,
  )?.[1];
};
const hostOf = (id: number) => {
  const vm = one.cloud.pools.vm.get(id);
  return vm && currentRecord(vm)?.hostId;
};
const runs = (id: number) => one.until(() => one.cloud.pools.vm.get(id)?.phase === 'RUNNING');
const make = (template: string, hold = false, session: Session = one.oneadmin) =>
  session.call('one.vm.allocate', template, hold);

describe('a VM in a group', () => {
  it('is listed in its role until it has ended', async () => {
    const [first, second] = [await make(inRole('web'), true), await make(inRole('web', `VMGROUP_ID=${app}`), true)];
    expect(await vmsOf('web')).toBe(`${first},${second}`);
    expect(await one.oneadmin.read('TEMPLATE/VMGROUP/VMGROUP_ID', 'one.vm.info', first)).toBe(String(app));
    expect(await one.oneadmin.read('USER_TEMPLATE/VMGROUP', 'one.vm.info', first)).toBeUndefined();
    await one.oneadmin.call('one.vm.recover', first, 3);
    await one.until(() => one.cloud.pools.vm.get(first)?.phase === 'DONE');
    expect(await vmsOf('web')).toBe(String(second));
  });

  it.each([
    ['VMGROUP=[VMGROUP_NAME=app]', 'Missing role name in VM Group definition'],
    ['VMGROUP=[VMGROUP_NAME=other,ROLE=web]', 'Cannot find VM Group to associate the VM'],
    ['VMGROUP=[VMGROUP_NAME=app,VMGROUP_UID=1,ROLE=web]', 'Cannot find VM Group to associate the VM'],
    ['VMGROUP=[ROLE=web]', 'Cannot find VM Group to associate the VM'],
    ['VMGROUP=[VMGROUP_NAME=app,ROLE=other]', 'Role does not exist in VM Group'],
  ])('is not made with %s', async (attribute, message) => {
    const refusal = await one.oneadmin.refusal('one.vm.allocate', `${SIZE}${attribute}\n`, true);
    expect(refusal).toBe(`8192 [one.vm.allocate] ${message}`);
  });

  it('is made only by who may use the group', async () => {
    const ada = await one.user('ada');
    const template = inRole('web', `VMGROUP_ID=${app}`);
    expect(await ada.refusal('one.vm.allocate', template, true)).toMatch(/^512 .*USE VMGROUP/);
    await one.oneadmin.call('one.vmgroup.chmod', app, -1, -1, -1, -1, -1, -1, 1, -1, -1);
    const id = await make(template, true, ada);
    expect(await vmsOf('web')).toBe(String(id));
    const own = await make(SIZE, true, ada);
    await one.oneadmin.call('one.vmgroup.chmod', app, -1, -1, -1, -1, -1, -1, 0, -1, -1);
    expect(await ada.refusal('one.vm.vmgroupadd', own, app, 'web')).toMatch(/^512 /);
  });

  it('keeps its role and the rules as they are', async () => {
    await make(inRole('db'), true);
    expect(await one.oneadmin.refusal('one.vmgroup.update', app, 'X=y', 1)).toContain('VM Group has 1 VMs');
    expect(await one.oneadmin.refusal('one.vmgroup.roleupdate', app, 1, 'ROLE=[NAME=x]')).toContain('has VMs');
    expect(await one.oneadmin.refusal('one.vmgroup.roledelete', app, 1)).toContain('has assigned VMs');
    await one.oneadmin.call('one.vmgroup.roleupdate', app, 0, 'ROLE=[X=y]');
  });

  it('goes into one role at a time, and out of it', async () => {
    const id = await make(inRole('db'), true);
    await one.oneadmin.call('one.vm.vmgroupadd', id, app, 'web');
    expect([await vmsOf('db'), await vmsOf('web')]).toEqual([undefined, String(id)]);
    await one.oneadmin.call('one.vm.vmgroupdel', id);
    expect(await vmsOf('web')).toBeUndefined();
    expect(await one.oneadmin.read('TEMPLATE/VMGROUP', 'one.vm.info', id)).toBeUndefined();
    await one.oneadmin.call('one.vm.vmgroupdel', id);
  });

  it('survives its group', async () => {
    const id = await make(inRole('web'), true);
    await one.oneadmin.call('one.vmgroup.delete', app);
    await one.host('host-0');
    await one.oneadmin.call('one.vm.action', 'release', id);
    await runs(id);
  });
});

describe('VMs of a group on hosts', () => {
  it('wait until the rules let them, and then run', async () => {
    const host = await one.host('host-0');
    const first = await make(inRole('web'));
    await runs(first);
    const second = await make(inRole('web'));
    await one.oneadmin.call('one.vm.vmgroupdel', first);
    await runs(second);
    expect([hostOf(first), hostOf(second)]).toEqual([host, host]);
  });

  it('run on different hosts when they are to be apart', async () => {
    const hosts = [await one.host('host-0'), await one.host('host-1')];
    const rank = 'SCHED_RANK="RUNNING_VMS"\n';
    const ids = [await make(rank + inRole('db')), await make(rank + inRole('cache'))];
    await Promise.all(ids.map(runs));
    expect(ids.map(hostOf).toSorted()).toEqual(hosts);
  });

  it('run on one host when they are to be together', async () => {
    await one.host('host-0');
    await one.host('host-1');
    await one.oneadmin.call('one.vmgroup.allocate', 'NAME=pair\nROLE=[NAME=a]\nROLE=[NAME=b]\nAFFINED="a,b"\n');
    const ids = [await make(inRole('a', 'VMGROUP_NAME=pair')), await make(inRole('b', 'VMGROUP_NAME=pair'))];
    await Promise.all(ids.map(runs));
    expect(hostOf(ids[0] as number)).toBe(hostOf(ids[1] as number));
  });

  it('join a group only where they may be', async () => {
    const host = await one.host('host-0');
    const [first, second] = [await make(inRole('web')), await make(SIZE)];
    await Promise.all([first, second].map(runs));
    expect(await one.oneadmin.refusal('one.vm.vmgroupadd', second, app, 'web')).toBe(
      `2048 [one.vm.vmgroupadd] VM ${second} is on host ${host} but role web is ANTI_AFFINED and VM ${first} is on the same host`,
    );
    await one.oneadmin.call('one.vm.vmgroupadd', second, app, 'db');
    expect(await vmsOf('db')).toBe(String(second));
  });
});
