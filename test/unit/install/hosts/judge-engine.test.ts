import { describe, expect, it } from 'vitest';
import type { PodmanInfo } from '../../../../src/drivers/docker/docker-types.ts';
import { judgeEngine } from '../../../../src/install/hosts/judge-engine.ts';

const docker = (told: object = {}) => ({
  ServerVersion: '20.10.24+dfsg1',
  Driver: 'overlay2',
  SecurityOptions: ['name=seccomp,profile=default'],
  ...told,
});
const podman = (told: object = {}) => docker({ ServerVersion: '4.3.1', Driver: 'overlay', Rootless: false, ...told });
const own = (cgroupVersion: string): PodmanInfo => ({
  host: {
    cgroupVersion,
    cgroupManager: 'systemd',
    cgroupControllers: ['memory', 'pids', 'cpu'],
    idMappings: { uidmap: [], gidmap: [] },
  },
});

describe('judgeEngine', () => {
  it.each([
    [docker(), undefined, '20.10.24+dfsg1, overlay2'],
    [docker({ SecurityOptions: ['name=userns'] }), undefined, '20.10.24+dfsg1, overlay2, userns-remap'],
    [podman(), undefined, 'Podman 4.3.1, overlay'],
    [podman({ Rootless: true }), own('v2'), 'Podman 4.3.1, overlay, without root'],
    // Later releases say it as Docker does, too.
    [podman({ Rootless: true, SecurityOptions: ['name=rootless'] }), own('v2'), 'Podman 4.3.1, overlay, without root'],
  ])('takes %j', (info, rootless, said) => {
    expect(judgeEngine(info, rootless, false)).toBe(said);
  });

  it.each([
    [docker({ ServerVersion: '19.3.1' }), undefined, '20.10 is the oldest of Docker'],
    [podman({ ServerVersion: '3.4.4' }), undefined, '4.3 is the oldest of Podman'],
    [docker({ SecurityOptions: ['name=rootless'] }), undefined, 'for Podman alone'],
    [podman({ Rootless: true }), own('v1'), 'cgroup v1'],
  ])('refuses %j', (info, rootless, said) => {
    expect(() => judgeEngine(info, rootless, false)).toThrow(said);
  });

  it('says what was accepted', () => {
    expect(judgeEngine(podman({ Rootless: true }), own('v1'), true)).toContain('without limits');
  });
});
