import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudInProcess, type Session, startCloudInProcess } from '../../../support/cloud-in-process.ts';

const TEMPLATE = 'NAME=lab\nVN_MAD=dummy\nBRIDGE=br7\nCLUSTER_IDS="0,4711"\nAR=[TYPE=IP4,IP=192.0.2.10,SIZE=4]\n';
const MORE = 'AR=[TYPE=IP4,IP=192.0.2.20,SIZE=2]\n';

let one: CloudInProcess;
let ada: Session & { readonly id: number };
let lab: number;

const networkOf = (id: number) => one.cloud.pools.vnet.get(id);

/** A template that every user may use. */
beforeEach(async () => {
  one = await startCloudInProcess();
  ada = await one.user('ada');
  lab = await one.oneadmin.call('one.vntemplate.allocate', TEMPLATE);
  await one.oneadmin.call('one.vntemplate.chmod', lab, -1, -1, -1, -1, -1, -1, 1, -1, -1);
});

afterEach(() => one[Symbol.asyncDispose]());

describe('a network made from a template', () => {
  it('belongs to whoever makes it, is in the clusters that there are, and knows its template', async () => {
    const id = await ada.call('one.vntemplate.instantiate', lab, 'mine', '');
    expect(networkOf(id)).toMatchObject({ uid: ada.id, name: 'mine', clusterIds: [0], templateId: lab, bridge: 'br7' });
    expect(await one.oneadmin.read('TEMPLATE_ID', 'one.vn.info', id)).toBe(String(lab));
  });

  it('has the ranges of the template, and those that are given', async () => {
    const id = await ada.call('one.vntemplate.instantiate', lab, 'mine', MORE);
    expect(networkOf(id)?.ranges.map(({ attributes }) => attributes.IP)).toEqual(['192.0.2.10', '192.0.2.20']);
  });

  it('lets its owner add and remove ranges, as another network does not', async () => {
    const id = await ada.call('one.vntemplate.instantiate', lab, 'mine', '');
    await ada.call('one.vn.add_ar', id, MORE);
    await ada.call('one.vn.rm_ar', id, 1);
    const other = await one.oneadmin.call('one.vn.allocate', 'NAME=net\nVN_MAD=dummy\nBRIDGE=b\n', -1);
    await one.oneadmin.call('one.vn.chown', other, ada.id, -1);
    expect(await ada.refusal('one.vn.add_ar', other, MORE)).toMatch(/^512 /);
  });

  it.each([
    ['BRIDGE=br8\n', 'BRIDGE'],
    ['AR=[TYPE=IP4,IP=192.0.2.20,SIZE=2,VN_MAD=bridge]\n', 'AR/VN_MAD'],
  ])('is not made with what only administrators may set: %j', async (extra, name) => {
    expect(await ada.refusal('one.vntemplate.instantiate', lab, 'mine', extra)).toContain(
      `Extra Template includes a restricted attribute ${name}`,
    );
  });

  it('is made only by who may use the template', async () => {
    await one.oneadmin.call('one.vntemplate.chmod', lab, -1, -1, -1, -1, -1, -1, 0, -1, -1);
    expect(await ada.refusal('one.vntemplate.instantiate', lab, 'mine', '')).toMatch(/^512 /);
  });
});
