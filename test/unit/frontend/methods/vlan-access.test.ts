import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudInProcess, type Session, startCloudInProcess } from '../../../support/cloud-in-process.ts';

let one: CloudInProcess;
let ada: Session & { readonly id: number };
let lab: number;

const USERS = 1;
const refusedFor = (scope: string) =>
  `512 [one.vntemplate.instantiate] User [2] : User is not authorized to use the requested ${scope}.`;

/** A template that every user may use. */
beforeEach(async () => {
  one = await startCloudInProcess();
  ada = await one.user('ada');
  lab = await one.oneadmin.call('one.vntemplate.allocate', 'NAME=lab\nVN_MAD=dummy\nBRIDGE=br7\n');
  await one.oneadmin.call('one.vntemplate.chmod', lab, -1, -1, -1, -1, -1, -1, 1, -1, -1);
});

afterEach(() => one[Symbol.asyncDispose]());

const instantiate = (extra: string) => ada.call('one.vntemplate.instantiate', lab, '', extra);
const refusal = (extra: string) => ada.refusal('one.vntemplate.instantiate', lab, '', extra);
const allow = (rule: string) => one.oneadmin.call('one.group.vlan', USERS, `RULE=[${rule}]`);

describe('VLANs of networks', () => {
  it('are named by nobody but administrators where no rule is', async () => {
    expect(await refusal('VLAN_ID=7\n')).toBe(refusedFor('VLAN_ID'));
    expect(await refusal('AR=[TYPE=IP4,IP=192.0.2.1,SIZE=1,OUTER_VLAN_ID=7]\n')).toBe(refusedFor('OUTER_VLAN_ID'));
    await one.oneadmin.call('one.vntemplate.instantiate', lab, '', 'VLAN_ID=7\n');
    await instantiate('');
  });

  it('are named by members as far as a rule of their group says', async () => {
    await allow(`ID="5-9",SCOPE=VLAN_ID,VNTEMPLATE="${lab}"`);
    const id = await instantiate('VLAN_ID=7\n');
    expect(await refusal('VLAN_ID=10\n')).toBe(refusedFor('VLAN_ID'));
    expect(await refusal('CVLANS=7\n')).toBe(refusedFor('CVLAN'));
    expect(await ada.refusal('one.vn.update', id, 'VLAN_ID=11\n', 1)).toContain('requested VLAN_ID');
    await ada.call('one.vn.update', id, 'VLAN_ID=8\n', 1);
    const range = 'AR=[TYPE=IP4,IP=192.0.2.1,SIZE=1,VLAN_ID=3]\n';
    expect(await ada.refusal('one.vn.add_ar', id, range)).toContain('requested VLAN_ID');
    await ada.call('one.vn.add_ar', id, range.replace('VLAN_ID=3', 'VLAN_ID=5'));
    expect(await ada.refusal('one.vn.update_ar', id, 'AR=[AR_ID=0,VLAN_ID=3]\n')).toContain('requested VLAN_ID');
  });

  it('are not chosen by the front-end where a rule is for the template', async () => {
    await instantiate('AUTOMATIC_VLAN_ID=YES\n');
    await allow('ID="5-9",SCOPE=VLAN_ID');
    expect(await refusal('AUTOMATIC_VLAN_ID=YES\n')).toContain('Automatic selection of VLAN ID cannot be used');
  });

  it('are refused when they are no numbers', async () => {
    await allow('ID="5-9",SCOPE=ANY');
    expect(await refusal('VLAN_ID="5-6"\n')).toContain('Invalid VLAN_ID specification.');
  });

  it('are asked for by rules that replace those before', async () => {
    await allow('ID="5-9",SCOPE=VLAN_ID');
    await allow('ID="20",SCOPE=ANY');
    expect(one.cloud.pools.group.get(USERS)?.vlanRules).toEqual([{ ID: '20', SCOPE: 'ANY', VNTEMPLATE: '-1' }]);
    expect(await one.oneadmin.read('VLAN_RULES/RULE/ID', 'one.group.info', USERS)).toBe('20');
    expect(await one.oneadmin.refusal('one.group.vlan', USERS, 'RULE=[ID=1]')).toBe(
      '2048 [one.group.vlan] Wrong SCOPE in rule.',
    );
  });

  it('are told with whatever else was given with the rules', async () => {
    await one.oneadmin.call('one.group.vlan', USERS, 'NOTE=x\nID=77\nRULE=[ID=1,SCOPE=ANY]');
    expect(await one.oneadmin.read('VLAN_RULES/NOTE', 'one.group.info', USERS, false)).toBe('x');
    expect(await one.oneadmin.read('VLAN_RULES/ID', 'one.group.info', USERS, false)).toBe(String(USERS));
  });
});
