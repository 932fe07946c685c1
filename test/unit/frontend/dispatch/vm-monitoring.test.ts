import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MonitorReport } from '../../../../src/drivers/contract/driver-runner.ts';
import { InProcessDrivers } from '../../../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../../../src/drivers/services.ts';
import { driverTable } from '../../../../src/drivers/table.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

let one: CloudInProcess;
let clock: ManualClock;
let report: (report: MonitorReport) => void;
let hostId: number;
let folder: string;

beforeEach(async () => {
  clock = new ManualClock();
  folder = await mkdtemp(join(tmpdir(), 'onedock-vms-'));
  const inner = new InProcessDrivers(driverTable, openServices());
  one = await startCloudInProcess({
    clock,
    vmFolders: { vms: folder, logs: folder },
    drivers: {
      has: (family, driver) => inner.has(family, driver),
      run: (call) => inner.run(call),
      monitor: (driver, host, tell, signal) => {
        report = tell;
        return inner.monitor(driver, host, tell, signal);
      },
      [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    },
  });
  hostId = await one.host('h1');
});

afterEach(async () => {
  await one[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const template = () => one.cloud.pools.host.get(hostId)?.template;
const phase = (id: number) => one.cloud.pools.vm.get(id)?.phase;

describe('VMs on a host that OpenNebula has not there', () => {
  const complete = (...ids: number[]) =>
    report({
      type: 'STATE_VM',
      text: ['SYNC_STATE=yes', 'MISSING_STATE=POWEROFF', ...ids.map((id) => `VM=[ID=${id},STATE=RUNNING]`), ''].join(
        '\n',
      ),
    });

  it('are zombies of the host, until a complete report names them no more', () => {
    complete(77, 9);
    expect(template()?.get('ZOMBIES')).toBe('9, 77');
    expect(template()?.get('TOTAL_ZOMBIES')).toBe('2');
    complete();
    expect(template()?.has('ZOMBIES')).toBe(false);
    expect(template()?.has('TOTAL_ZOMBIES')).toBe(false);
  });
});

describe('a VM that was imported', () => {
  it('begins with the deploy id of what is to be taken over, and keeps it to itself', async () => {
    const id = await one.oneadmin.call('one.vm.allocate', 'CPU=1\nMEMORY=64\nDEPLOY_ID="abc"\n', true);
    const vm = one.cloud.pools.vm.get(id);
    expect(vm?.deployId).toBe('abc');
    expect(vm?.template.get('IMPORTED')).toBe('YES');
    expect(vm?.userTemplate.has('DEPLOY_ID')).toBe(false);
  });

  it('is none of OpenNebula’s own', async () => {
    await expect(
      one.oneadmin.refusal('one.vm.allocate', 'CPU=1\nMEMORY=64\nDEPLOY_ID="one-5"\n', true),
    ).resolves.toContain("Trying to import an OpenNebula VM: 'one-*'.");
  });

  it('is for administrators', async () => {
    const user = await one.user('anna');
    await expect(user.refusal('one.vm.allocate', 'CPU=1\nMEMORY=64\nDEPLOY_ID="abc"\n', true)).resolves.toContain(
      'DEPLOY_ID',
    );
  });
});

describe('why a VM has ended', () => {
  it('is in its log, when nobody asked for it', async () => {
    const id = await one.oneadmin.call('one.vm.allocate', 'CPU=1\nMEMORY=64\n', false);
    await one.until(() => phase(id) === 'RUNNING');
    clock.advance(5);
    const reason = 'The container has ended with exit code 3.';
    report({ type: 'STATE_VM', text: `VM=[ID=${id},DEPLOY_ID="d",STATE="POWEROFF",REASON="${reason}"]\n` });
    // A report so soon after the driver's answer is looked at again a moment later.
    const later = () => {
      clock.advance(5);
      return phase(id);
    };
    await expect.poll(later).toBe('POWEROFF');
    await expect.poll(() => readFile(join(folder, `${id}.log`), 'utf8')).toContain(reason);
  });
});
