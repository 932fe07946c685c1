import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

const ALL = -10;

let one: CloudInProcess;
let vdc: number;
let group: number;

beforeEach(async () => {
  one = await startCloudInProcess();
  vdc = await one.oneadmin.call('one.vdc.allocate', 'NAME=tenants\nNOTE=x\n');
  group = await one.oneadmin.call('one.group.allocate', 'g');
  await one.oneadmin.call('one.vdc.delgroup', 0, group);
});

afterEach(() => one[Symbol.asyncDispose]());

const rules = () =>
  Array.from(one.cloud.pools.acl.all(), ({ name }) => name).filter((name) => name.startsWith(`@${group} `));

describe('virtual data centres', () => {
  it('give their groups the use of their resources', async () => {
    const host = await one.oneadmin.call('one.host.allocate', 'h1', 'dummy', 'dummy', -1);
    await one.oneadmin.call('one.vdc.addhost', vdc, 0, host);
    await one.oneadmin.call('one.vdc.adddatastore', vdc, 0, 1);
    expect(rules()).toEqual([]);
    await one.oneadmin.call('one.vdc.addgroup', vdc, group);
    expect(rules()).toEqual([`@${group} HOST/#${host} MANAGE #0`, `@${group} DATASTORE/#1 USE #0`]);
    await one.oneadmin.call('one.vdc.delhost', vdc, 0, host);
    expect(rules()).toEqual([`@${group} DATASTORE/#1 USE #0`]);
    await one.oneadmin.call('one.vdc.delgroup', vdc, group);
    expect(rules()).toEqual([]);
  });

  it('give all that is in a cluster, or everything', async () => {
    await one.oneadmin.call('one.vdc.addgroup', vdc, group);
    await one.oneadmin.call('one.vdc.addcluster', vdc, 0, 0);
    expect(rules()).toEqual([
      `@${group} HOST/%0 MANAGE #0`,
      `@${group} NET/%0 USE #0`,
      `@${group} DATASTORE/%0 USE #0`,
    ]);
    await one.oneadmin.call('one.vdc.addcluster', vdc, 0, ALL);
    expect(rules()).toEqual([`@${group} HOST/* MANAGE #0`, `@${group} NET/* USE #0`, `@${group} DATASTORE/* USE #0`]);
    expect(one.cloud.pools.vdc.get(vdc)?.clusters).toEqual([{ zoneId: 0, id: ALL }]);
  });

  it('take no rule away that another one gives', async () => {
    const other = await one.oneadmin.call('one.vdc.allocate', 'NAME=more\n');
    for (const id of [vdc, other]) {
      await one.oneadmin.call('one.vdc.addgroup', id, group);
      await one.oneadmin.call('one.vdc.adddatastore', id, 0, 1);
    }
    await one.oneadmin.call('one.vdc.delete', other);
    expect(rules()).toEqual([`@${group} DATASTORE/#1 USE #0`]);
  });

  it('are shown with what they hold', async () => {
    await one.oneadmin.call('one.vdc.addgroup', vdc, group);
    await one.oneadmin.call('one.vdc.adddatastore', vdc, 0, 1);
    expect(await one.oneadmin.call('one.vdc.info', vdc)).toBe(
      `<VDC><ID>${vdc}</ID><NAME>tenants</NAME><GROUPS><ID>${group}</ID></GROUPS><CLUSTERS></CLUSTERS><HOSTS></HOSTS>` +
        '<DATASTORES><DATASTORE><ZONE_ID>0</ZONE_ID><DATASTORE_ID>1</DATASTORE_ID></DATASTORE></DATASTORES>' +
        '<VNETS></VNETS><TEMPLATE><NOTE><![CDATA[x]]></NOTE></TEMPLATE></VDC>',
    );
  });

  it.each([
    ['allocate', ['NAME=tenants\n'], '8192 [one.vdc.allocate] NAME is already taken by Vdc 100.'],
    ['delete', [0], '2048 [one.vdc.delete] Cannot delete VDC. System VDCs (ID < 100) cannot be deleted.'],
    ['addgroup', [100, 77], '1024 [one.vdc.addgroup] Error getting group [77].'],
    ['addgroup', [0, 1], '8192 [one.vdc.addgroup] Group 1 is already assigned to the VDC 0'],
    ['delgroup', [100, 1], '8192 [one.vdc.delgroup] Group 1 is not assigned to the VDC 100'],
    ['addhost', [100, 9, 0], '1024 [one.vdc.addhost] Error getting zone [9].'],
    ['addvnet', [100, 0, 7], '1024 [one.vdc.addvnet] Error getting virtual network [7].'],
    ['addcluster', [0, 0, ALL], '8192 [one.vdc.addcluster] CLUSTER -10 from Zone 0 is already assigned to the VDC'],
    ['delvnet', [100, 0, 7], '8192 [one.vdc.delvnet] NET 7 from Zone 0 is not assigned to the VDC '],
  ])('%s of %j is refused', async (name, args, refusal) => {
    expect(await one.oneadmin.refusal(`one.vdc.${name}`, ...args)).toBe(refusal);
  });

  it('are made by administrators', async () => {
    const ada = await one.user('ada');
    expect(await ada.refusal('one.vdc.allocate', 'NAME=mine\n')).toContain('Not authorized to perform CREATE VDC');
    expect(await ada.refusal('one.vdc.addgroup', vdc, group)).toContain(
      `Not authorized to perform ADMIN VDC [${vdc}]; Not authorized to perform ADMIN GROUP [${group}]`,
    );
  });
});
