/** Which objects a list holds, for whom, and in what order: whole lists, ranges of ids, and pages. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CloudInProcess, type Session, startCloudInProcess } from '../../../support/cloud-in-process.ts';

const OBJECTS = 12;

let one: CloudInProcess;
const callers: Record<string, Session> = {};
/** Ids of all templates, ascending. */
const all: number[] = [];

/** Every third is ann's and every fourth of the others may be used by all. */
const isAnns = (i: number) => i % 3 === 1;
const isPublic = (i: number) => i % 4 === 0;

beforeAll(async () => {
  one = await startCloudInProcess();
  const ann = await one.user('ann');
  Object.assign(callers, { oneadmin: one.oneadmin, ann });
  for (let i = 0; i < OBJECTS; i++) {
    const id = await one.oneadmin.call('one.template.allocate', `NAME = "t${i}"\n`);
    all.push(id);
    if (isAnns(i)) await one.oneadmin.call('one.template.chown', id, ann.id, -1);
    else if (isPublic(i)) await one.oneadmin.call('one.template.chmod', id, -1, -1, -1, -1, -1, -1, 1, -1, -1);
  }
});

afterAll(() => one[Symbol.asyncDispose]());

async function listed(caller: string, filter: number, start: number, end: number): Promise<number[]> {
  const pool = await (callers[caller] as Session).call<string>('one.templatepool.info', filter, start, end);
  return Array.from(pool.matchAll(/<VMTEMPLATE><ID>(\d+)</g), ([, id]) => Number(id));
}

describe.each([
  ['oneadmin', -2, () => true],
  ['oneadmin', -3, (i: number) => !isAnns(i)],
  ['ann', -2, (i: number) => isAnns(i) || isPublic(i)],
  ['ann', -1, isAnns],
  ['ann', -3, isAnns],
] as const)('what %s lists with filter %i', (caller, filter, isListed) => {
  /** The newest first. */
  const expected = () => all.filter((_, i) => isListed(i)).toReversed();

  it('is all that the caller may use, the newest first', async () => {
    expect(await listed(caller, filter, -1, -1)).toEqual(expected());
  });

  it.each([
    [3, 7],
    [0, 0],
    [5, -1],
    [8, 100],
  ])('is, of ids from the one at %i to that at %i, those in between', async (from, to) => {
    const [first = 0] = all;
    const end = to === -1 ? -1 : first + to;
    const between = expected().filter((id) => id >= first + from && (to === -1 || id <= end));
    expect(await listed(caller, filter, first + from, end)).toEqual(between);
  });

  it.each([
    [0, 2],
    [1, 3],
    [3, 4],
    [2, 100],
    [50, 5],
  ])('is, behind the first %i, a page of %i', async (offset, size) => {
    expect(await listed(caller, filter, offset, -size)).toEqual(expected().slice(offset, offset + size));
  });
});

describe('what is found by what stands in it', () => {
  it('is one, several, and one again, as objects come and go', async () => {
    const { pools } = one.cloud;
    const clusterOf = (name: string) => one.oneadmin.call('one.cluster.allocate', name);
    const [a, b] = [await clusterOf('a'), await clusterOf('b')];
    const hosts = [];
    for (const name of ['h1', 'h2', 'h3'])
      hosts.push(await one.oneadmin.call('one.host.allocate', name, 'dummy', 'dummy', a));
    const found = (cluster: number) => [...pools.host.ids('cluster', cluster)].sort((x, y) => x - y);
    expect([found(a), found(b)]).toEqual([hosts, []]);
    await one.oneadmin.call('one.cluster.addhost', b, hosts[0] as number);
    expect([found(a), found(b)]).toEqual([hosts.slice(1), hosts.slice(0, 1)]);
    await one.oneadmin.call('one.cluster.addhost', b, hosts[1] as number);
    expect([found(a), found(b)]).toEqual([hosts.slice(2), hosts.slice(0, 2)]);
    for (const host of hosts) await one.oneadmin.call('one.host.delete', host);
    expect([found(a), found(b)]).toEqual([[], []]);
    expect(pools.host.byName('h1')).toBeUndefined();
  });
});

describe('a list', () => {
  it('begins with the oldest for who wants it so', async () => {
    await one.oneadmin.call('one.user.update', 0, 'API_LIST_ORDER = "ASC"\n', 1);
    expect(await listed('oneadmin', -2, 1, -3)).toEqual(all.slice(1, 4));
    await one.oneadmin.call('one.user.update', 0, '', 0);
  });

  it('tells what came and went since the last one', async () => {
    const id = await one.oneadmin.call('one.template.allocate', 'NAME = "later"\n');
    expect(await listed('oneadmin', -2, 0, -2)).toEqual([id, all.at(-1)]);
    await one.oneadmin.call('one.template.delete', id, false);
    expect(await listed('oneadmin', -2, 0, -2)).toEqual(all.slice(-2).toReversed());
  });
});
