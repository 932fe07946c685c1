import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../../src/sandbox/doctor/checks.ts';
import type { Facts } from '../../../src/sandbox/doctor/facts.ts';
import { judge, judgeFitness } from '../../../src/sandbox/doctor/judge.ts';
import { FIT } from '../../support/memory-sandbox.ts';

const finding = (code: string, facts: Partial<Facts>, hosts = 2) =>
  judge({ ...FIT, ...facts }, hosts).find((each) => each.code === code);

describe('doctor', () => {
  it('finds nothing on a machine that lacks nothing', () => {
    expect(judge(FIT, 2).filter(({ status }) => status !== 'ok')).toEqual([]);
  });

  it('has one permanent code for each check', () => {
    const codes = CHECKS.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it.each([
    ['ROOT', { isRoot: false }, 'warning', 'sudo'],
    ['CGROUPS', { cgroupVersion: 0 as const }, 'fatal', 'Mount'],
    ['ARCHITECTURE', { architecture: 's390x' }, 'fatal', 'x86-64'],
    ['KERNEL_OVERLAY', { features: { ...FIT.features, overlay: false } }, 'fatal', 'modprobe overlay'],
    ['LOOP', { features: { ...FIT.features, loop: false } }, 'warning', 'modprobe loop'],
    ['DISK', { freeDiskMb: 500 }, 'warning', 'Make room'],
    ['MEMORY', { freeMemoryMb: 300 }, 'warning', '--hosts 1'],
    ['BRIDGE_FILTER', { dropsBridgedTraffic: true }, 'warning', 'sysctl'],
    ['STACK_ENGINE', { stackEngine: undefined }, 'warning', 'or Go'],
  ])('%s says what to do', (code, facts, status, fix) => {
    expect(finding(code, facts)).toMatchObject({ status, fix: expect.stringContaining(fix) });
  });

  it('names the packages that provide what is missing', () => {
    const lxc = { package: 'lxc', provides: ['lxc-start'], group: 'sandbox' as const, purpose: 'machines' };
    expect(finding('PACKAGES', { missingPackages: [lxc] })).toMatchObject({
      status: 'fatal',
      cause: 'Missing: lxc-start (machines).',
      fix: expect.stringContaining('apt-get install lxc'),
    });
  });

  it('judges limits by the number of hosts', () => {
    const limits = { 'fs.inotify.max_user_instances': 128 };
    expect(finding('LIMIT_INOTIFY', { limits }, 2)?.status).toBe('ok');
    expect(finding('LIMIT_INOTIFY', { limits }, 16)).toMatchObject({
      status: 'warning',
      fix: 'sysctl fs.inotify.max_user_instances=236',
    });
  });

  it('says nothing of Pulumi’s engine to whoever makes a sandbox', () => {
    expect(judgeFitness({ ...FIT, stackEngine: undefined }, 2).filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(finding('STACK_ENGINE', { stackEngine: 'buildable' })?.status).toBe('ok');
  });

  it('does not hold against a user what only root can tell', () => {
    const features = { ...FIT.features, bridge: undefined };
    expect(finding('KERNEL_BRIDGE', { features })?.status).toBe('ok');
  });
});
