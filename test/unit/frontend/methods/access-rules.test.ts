/** What rules of the access control list give: to whom, on what, which rights, in which zone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AclRule, type AclType, encodeRule, type Selector } from '../../../../src/opennebula/acl.ts';
import { RIGHT, type Right } from '../../../../src/opennebula/permissions.ts';
import { type CloudInProcess, type Session, startCloudInProcess } from '../../../support/cloud-in-process.ts';

let one: CloudInProcess;
let ada: Session & { readonly id: number };
/** Ada's first and second group, and one that is not hers. */
let groups: [first: number, second: number, foreign: number];
let host: number;
let template: number;
/** A cluster with a host, and the host. */
let cluster: { readonly id: number; readonly host: number };

beforeAll(async () => {
  one = await startCloudInProcess();
  groups = [
    await one.oneadmin.call('one.group.allocate', 'first'),
    await one.oneadmin.call('one.group.allocate', 'second'),
    await one.oneadmin.call('one.group.allocate', 'foreign'),
  ];
  ada = await one.user('ada', groups.slice(0, 2));
  host = await one.oneadmin.call('one.host.allocate', 'h1', 'dummy', 'dummy', -1);
  const id = await one.oneadmin.call('one.cluster.allocate', 'c');
  cluster = { id, host: await one.oneadmin.call('one.host.allocate', 'ch', 'dummy', 'dummy', id) };
  template = await one.oneadmin.call('one.template.allocate', 'NAME=t\nCPU=1\nMEMORY=64\n');
  await one.oneadmin.call('one.template.chown', template, -1, groups[2]);
  for (const { id: rule } of [...one.cloud.pools.acl.all()]) await one.oneadmin.call('one.acl.delrule', rule);
});

afterAll(() => one[Symbol.asyncDispose]());

type Sign = Selector['sign'];
const ALL: Selector = { sign: '*', id: 0 };
/** A rule about one object has to say in which zone it is. */
const HERE: Selector = { sign: '#', id: 0 };
const at = (sign: Sign, id: number): Selector => ({ sign, id });
const rights = (...names: Right[]) => names.reduce((sum, name) => sum | RIGHT[name], 0);

function rule(
  user: Selector,
  types: readonly AclType[],
  resource: Selector,
  allowed: number,
  zone: Selector = resource.sign === '#' ? HERE : ALL,
): AclRule {
  return { user, types, resource, rights: allowed, zone };
}

async function withRule<T>(given: AclRule, act: () => Promise<T>): Promise<T> {
  const { user, resource, rights: allowed, zone } = encodeRule(given);
  const id = await one.oneadmin.call('one.acl.addrule', user, resource, allowed, zone);
  try {
    return await act();
  } finally {
    await one.oneadmin.call('one.acl.delrule', id);
  }
}

const mayAda = async (method: string, ...args: Parameters<Session['try']> extends [string, ...infer P] ? P : never) =>
  (await ada.try(method, ...args)).code !== 512;

describe('a rule', () => {
  it.each<[what: string, make: () => AclRule, isGranted: boolean]>([
    ['for the user himself', () => rule(at('#', ada.id), ['HOST'], ALL, rights('USE')), true],
    ['for another user', () => rule(at('#', 1), ['HOST'], ALL, rights('USE')), false],
    ['for everybody', () => rule(ALL, ['HOST'], ALL, rights('USE')), true],
    ['for his primary group', () => rule(at('@', groups[0]), ['HOST'], ALL, rights('USE')), true],
    ['for another group of his', () => rule(at('@', groups[1]), ['HOST'], ALL, rights('USE')), true],
    ['for a group that is not his', () => rule(at('@', groups[2]), ['HOST'], ALL, rights('USE')), false],
    ['on another kind of object', () => rule(ALL, ['VM', 'NET'], ALL, rights('USE')), false],
    ['on several kinds', () => rule(ALL, ['VM', 'HOST'], ALL, rights('USE')), true],
    ['on this host', () => rule(ALL, ['HOST'], at('#', host), rights('USE')), true],
    ['on another host', () => rule(ALL, ['HOST'], at('#', cluster.host), rights('USE')), false],
    ['on its cluster', () => rule(ALL, ['HOST'], at('%', 0), rights('USE')), true],
    ['on another cluster', () => rule(ALL, ['HOST'], at('%', cluster.id), rights('USE')), false],
    ['with another right', () => rule(ALL, ['HOST'], ALL, rights('MANAGE', 'ADMIN', 'CREATE')), false],
    ['with several rights', () => rule(ALL, ['HOST'], ALL, rights('USE', 'ADMIN')), true],
    ['in this zone', () => rule(ALL, ['HOST'], ALL, rights('USE'), at('#', 0)), true],
    ['in another zone', () => rule(ALL, ['HOST'], ALL, rights('USE'), at('#', 7)), false],
  ])('%s counts or does not', async (_, make, isGranted) => {
    expect(await withRule(make(), () => mayAda('one.host.info', host, false))).toBe(isGranted);
    const pool = await withRule(make(), () => ada.call<string>('one.hostpool.info'));
    expect(pool.includes(`<HOST><ID>${host}</ID>`)).toBe(isGranted);
  });

  it('on the objects of a group reaches those, whoever owns them', async () => {
    const info = () => mayAda('one.template.info', template, false, false);
    expect(await info()).toBe(false);
    expect(await withRule(rule(ALL, ['TEMPLATE'], at('@', groups[2]), rights('USE')), info)).toBe(true);
    expect(await withRule(rule(ALL, ['TEMPLATE'], at('@', groups[0]), rights('USE')), info)).toBe(false);
  });

  it('that names a cluster follows what is moved into it', async () => {
    await withRule(rule(ALL, ['HOST'], at('%', cluster.id), rights('USE')), async () => {
      expect(await mayAda('one.host.info', host, false)).toBe(false);
      await one.oneadmin.call('one.cluster.addhost', cluster.id, host);
      expect(await mayAda('one.host.info', host, false)).toBe(true);
      await one.oneadmin.call('one.cluster.addhost', 0, host);
      expect(await mayAda('one.host.info', host, false)).toBe(false);
    });
  });

  it.each<[AclType, string, readonly (string | number | boolean)[]]>([
    ['VM', 'one.vm.allocate', ['CPU=1\nMEMORY=64\n', true]],
    ['TEMPLATE', 'one.template.allocate', ['NAME=own\n']],
    ['SECGROUP', 'one.secgroup.allocate', ['NAME=own\n']],
    ['DOCUMENT', 'one.document.allocate', ['NAME=own\n', 100]],
    ['CLUSTER', 'one.cluster.allocate', ['own']],
    ['GROUP', 'one.group.allocate', ['own']],
    ['VDC', 'one.vdc.allocate', ['NAME=own\n']],
  ])('lets things of type %s be made, which nobody may without', async (type, method, args) => {
    expect(await ada.refusal(method, ...args)).toContain(`Not authorized to perform CREATE ${type}`);
    const create = rule(at('#', ada.id), [type], ALL, rights('CREATE'));
    expect(await withRule(create, () => ada.try(method, ...args))).toMatchObject({ ok: true });
  });

  it('does not narrow what another one gives: there is no denial', async () => {
    const wide = rule(ALL, ['HOST'], ALL, rights('USE'));
    const narrow = rule(at('#', ada.id), ['HOST'], at('#', cluster.host), rights('USE'));
    expect(await withRule(wide, () => withRule(narrow, () => mayAda('one.host.info', host, false)))).toBe(true);
  });

  it('is refused twice, and when it does not exist', async () => {
    const given = rule(ALL, ['HOST'], ALL, rights('USE'));
    const { user, resource, rights: allowed, zone } = encodeRule(given);
    await withRule(given, async () => {
      expect(await one.oneadmin.refusal('one.acl.addrule', user, resource, allowed, zone)).toContain('already exists');
    });
    expect(await one.oneadmin.refusal('one.acl.delrule', 9999)).toContain('Rule 9999 does not exist');
    expect(await ada.refusal('one.acl.info')).toContain('Not authorized to perform MANAGE ACL');
  });

  it('goes with the object that it is about', async () => {
    const gone = await one.oneadmin.call('one.host.allocate', 'gone', 'dummy', 'dummy', -1);
    const { user, resource, rights: allowed, zone } = encodeRule(rule(ALL, ['HOST'], at('#', gone), rights('USE')));
    const id = await one.oneadmin.call('one.acl.addrule', user, resource, allowed, zone);
    await one.oneadmin.call('one.host.delete', gone);
    expect(one.cloud.pools.acl.get(id)).toBeUndefined();
  });

  it('goes with an image or a network before its driver has taken that away', async () => {
    const datastore = await one.datastore('gone-images');
    const image = await one.oneadmin.call('one.image.allocate', 'NAME=gone\nTYPE=DATABLOCK\nSIZE=1', datastore, false);
    await one.until(() => one.cloud.pools.image.get(image)?.state === 'READY');
    const vnet = await one.oneadmin.call('one.vn.allocate', 'NAME=gone\nVN_MAD=dummy\nBRIDGE=br0', -1);
    await one.until(() => one.cloud.pools.vnet.get(vnet)?.state === 'READY');
    const ids = await Promise.all(
      [rule(ALL, ['IMAGE'], at('#', image), rights('USE')), rule(ALL, ['NET'], at('#', vnet), rights('USE'))].map(
        (given) => {
          const { user, resource, rights: allowed, zone } = encodeRule(given);
          return one.oneadmin.call('one.acl.addrule', user, resource, allowed, zone);
        },
      ),
    );
    await one.oneadmin.call('one.image.delete', image);
    await one.oneadmin.call('one.vn.delete', vnet);
    expect(ids.map((id) => one.cloud.pools.acl.get(id))).toEqual([undefined, undefined]);
  });
});

describe('several demands', () => {
  it('are all named when they are refused', async () => {
    const create = rule(ALL, ['VM'], ALL, rights('USE'));
    const refusal = await withRule(create, () => ada.refusal('one.host.allocate', 'x', 'dummy', 'dummy', cluster.id));
    expect(refusal).toContain(
      `Not authorized to perform CREATE HOST; Not authorized to perform ADMIN CLUSTER [${cluster.id}]`,
    );
  });
});
