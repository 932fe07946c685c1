import { describe, expect, it } from 'vitest';
import { Configuration } from '../../../../src/frontend/configuration/configuration.ts';
import { SchedulingWindow, windowLimits } from '../../../../src/frontend/dispatch/scheduling-window.ts';
import { parseTemplate } from '../../../../src/opennebula/template.ts';
import { startCloudInProcess } from '../../../support/cloud-in-process.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const given = (source: string) => new Configuration(parseTemplate(source));

describe('how long VMs are collected', () => {
  it.each([
    ['no time without hosts', [], '', { seconds: 0, vms: 0 }],
    ['a moment where all hosts are dummies', ['dummy', 'dummy'], '', { seconds: 0.3, vms: 7 }],
    ['no time where one is not', ['dummy', 'onedock'], '', { seconds: 0, vms: 0 }],
    ['as long as oned.conf says, also for dummies', ['dummy'], 'SCHED_MAX_WND_TIME = "5"', { seconds: 5, vms: 7 }],
    ['no time if oned.conf says so', ['dummy'], 'SCHED_MAX_WND_TIME = "0"', { seconds: 0, vms: 7 }],
  ])('is %s', async (_, drivers, configuration, limits) => {
    await using one = await startCloudInProcess();
    for (const [i, driver] of drivers.entries()) {
      await one.oneadmin.call('one.host.allocate', `host-${i}`, 'dummy', driver, 0);
    }
    expect(windowLimits(given(configuration), one.cloud.pools.host.all())).toEqual(limits);
  });
});

describe('a window', () => {
  it('is over in time, or when enough wait, and opens again with the limits of that moment', () => {
    const clock = new ManualClock();
    let [seconds, closed] = [0.3, 0];
    const window = new SchedulingWindow(
      () => ({ seconds, vms: 7 }),
      clock,
      () => closed++,
    );
    expect([window.isOver(1), window.isOver(6), window.isOver(7)]).toEqual([false, false, true]);
    window.reset();
    expect(window.isOver(1)).toBe(false);
    clock.advance(1);
    expect([closed, window.isOver(1)]).toEqual([1, true]);
    window.reset();
    seconds = 0;
    expect(window.isOver(1)).toBe(true);
  });
});
