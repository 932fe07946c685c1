import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAll, parseXml } from '../../../../src/opennebula/xml.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const HOUR = 3600;
/** Noon of the last day of January 2026, local time. */
const NOON = new Date(2026, 0, 31, 12).getTime() / 1000;

let clock: ManualClock;
let one: CloudInProcess;

beforeEach(async () => {
  clock = new ManualClock(NOON);
  one = await startCloudInProcess({ clock });
  await one.host('dummy-1');
});

afterEach(() => one[Symbol.asyncDispose]());

const until = (id: number, phase: string) => one.until(() => one.cloud.pools.vm.get(id)?.phase === phase);
const read = (document: string, path: string) => findAll(parseXml(document), path).map(({ text }) => text);

async function vm(): Promise<number> {
  const costs = 'CPU_COST=2\nMEMORY_COST=0.5\nDISK_COST=0.01\n';
  const id = await one.oneadmin.call('one.vm.allocate', `CPU=1\nMEMORY=10\nDISK=[TYPE=fs,SIZE=100]\n${costs}`, false);
  await until(id, 'RUNNING');
  return id;
}

const showback = async (...months: [number, number, number, number]) =>
  one.oneadmin.call<string>('one.vmpool.showback', -2, ...months);
const calculate = (...months: [number, number, number, number]) =>
  one.oneadmin.call<string>('one.vmpool.calculateshowback', ...months);

describe('showback', () => {
  it('tells by the month what was used, and what that cost', async () => {
    const id = await vm();
    clock.advance(18 * HOUR);
    expect(await calculate(-1, -1, -1, -1)).toBe(' ');
    const records = await showback(-1, -1, -1, -1);
    expect(read(records, 'SHOWBACK/VMID')).toEqual([String(id), String(id)]);
    expect(read(records, 'SHOWBACK/MONTH')).toEqual(['1', '2']);
    expect(read(records, 'SHOWBACK/HOURS')).toEqual(['12', '6']);
    expect(read(records, 'SHOWBACK/CPU_COST')).toEqual(['24', '12']);
    expect(read(records, 'SHOWBACK/MEMORY_COST')).toEqual(['60', '30']);
    expect(read(records, 'SHOWBACK/DISK_COST')).toEqual(['12', '6']);
    expect(read(records, 'SHOWBACK/TOTAL_COST')).toEqual(['96', '48']);
  });

  it('counts what a VM had at the time, whatever it has since', async () => {
    const id = await vm();
    clock.advance(HOUR);
    await one.oneadmin.call('one.vm.action', 'undeploy-hard', id);
    await until(id, 'UNDEPLOYED');
    await one.oneadmin.call('one.vm.resize', id, 'CPU=4\nMEMORY=20\n', true);
    await one.oneadmin.call('one.vm.action', 'resume', id);
    await until(id, 'RUNNING');
    clock.advance(HOUR);
    await calculate(-1, -1, -1, -1);
    expect(read(await showback(-1, -1, -1, -1), 'SHOWBACK/CPU_COST')).toEqual([String(2 * 1 + 2 * 4)]);
    const accounts = await one.oneadmin.call<string>('one.vmpool.accounting', -2, -1, -1);
    expect(read(accounts, 'HISTORY/VM/TEMPLATE/CPU')).toEqual(['1', '4']);
    expect(read(accounts, 'HISTORY/VM/TEMPLATE/MEMORY')).toEqual(['10', '20']);
  });

  it('keeps to the months that are asked for, and what was calculated before', async () => {
    await vm();
    clock.advance(18 * HOUR);
    await calculate(1, 2026, 1, 2026);
    expect(read(await showback(-1, -1, -1, -1), 'SHOWBACK/MONTH')).toEqual(['1']);
    await calculate(2, 2026, 2, 2026);
    expect(read(await showback(-1, -1, -1, -1), 'SHOWBACK/MONTH')).toEqual(['1', '2']);
    expect(read(await showback(2, 2026, -1, -1), 'SHOWBACK/MONTH')).toEqual(['2']);
    expect(read(await showback(-1, -1, 1, 2026), 'SHOWBACK/MONTH')).toEqual(['1']);
  });

  it('shows everybody his own, and is calculated by administrators', async () => {
    await vm();
    clock.advance(HOUR);
    await calculate(-1, -1, -1, -1);
    const ada = await one.user('ada');
    expect(await ada.call('one.vmpool.showback', -2, -1, -1, -1, -1)).toBe('<SHOWBACK_RECORDS></SHOWBACK_RECORDS>');
    expect(await ada.refusal('one.vmpool.calculateshowback', -1, -1, -1, -1)).toContain(
      'Action reserved for group 0 only',
    );
  });
});
