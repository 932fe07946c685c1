import { describe, expect, it } from 'vitest';
import type { EngineInfo, PodmanInfo } from '../../../../src/drivers/docker/docker-types.ts';
import { missingControlGroups, readTraits } from '../../../../src/drivers/docker/engine-traits.ts';

/** As `GET /info` of Docker 20.10 has them. */
const info = (told: Partial<EngineInfo>) =>
  ({
    NCPU: 4,
    SecurityOptions: ['name=seccomp,profile=default'],
    DockerRootDir: '/var/lib/docker',
    ...told,
  }) as EngineInfo;

/** As `GET /libpod/info` of Podman 4.3 has it, of a user's service on Debian 12. */
const rootless = (told: Partial<PodmanInfo['host']> = {}): PodmanInfo => ({
  host: {
    cgroupVersion: 'v2',
    cgroupManager: 'systemd',
    cgroupControllers: ['cpu', 'memory', 'pids'],
    idMappings: {
      uidmap: [
        { container_id: 0, host_id: 1000, size: 1 },
        { container_id: 1, host_id: 100000, size: 65536 },
      ],
      gidmap: [
        { container_id: 0, host_id: 1001, size: 1 },
        { container_id: 1, host_id: 200000, size: 65536 },
      ],
    },
    ...told,
  },
});

describe('readTraits', () => {
  it('knows an engine whose containers have the users of the host', () => {
    expect(readTraits('host-1', info({}), undefined)).toEqual({
      processors: 4,
      owners: undefined,
      hasControlGroups: true,
    });
  });

  it('knows who the users of containers are by userns-remap', () => {
    const remapped = { SecurityOptions: ['name=userns'], DockerRootDir: '/srv/docker/165536.100000' };
    expect(readTraits('host-1', info(remapped), undefined).owners).toEqual({
      users: [{ inside: 0, outside: 165536, count: 65536 }],
      groups: [{ inside: 0, outside: 100000, count: 65536 }],
    });
  });

  it('knows who the users of containers are by Podman without root', () => {
    expect(readTraits('host-1', info({ Rootless: true }), rootless())).toEqual({
      processors: 4,
      owners: {
        users: [
          { inside: 0, outside: 1000, count: 1 },
          { inside: 1, outside: 100000, count: 65536 },
        ],
        groups: [
          { inside: 0, outside: 1001, count: 1 },
          { inside: 1, outside: 200000, count: 65536 },
        ],
      },
      hasControlGroups: true,
    });
  });

  it('refuses Docker that runs without root', () => {
    const told = { SecurityOptions: ['name=seccomp,profile=default', 'name=rootless'] };
    expect(() => readTraits('host-1', info(told), undefined)).toThrow(
      expect.objectContaining({ code: 'ENGINE_OF_OTHER_ROOT', message: expect.stringContaining('host-1') }),
    );
  });
});

describe('missingControlGroups', () => {
  it.each([
    ['cgroup v1', { cgroupVersion: 'v1', cgroupControllers: null }, 'cgroup v1'],
    ['no systemd', { cgroupManager: 'cgroupfs' }, 'systemd'],
    ['no controller of processors', { cgroupControllers: ['memory', 'pids'] }, 'cpu.'],
  ])('of an engine without root says what is in the way: %s', (_, told, word) => {
    expect(missingControlGroups(rootless(told))).toContain(word);
    expect(readTraits('host-1', info({}), rootless(told)).hasControlGroups).toBe(false);
  });

  it('has nothing to say where systemd has delegated all', () => {
    expect(missingControlGroups(rootless())).toBeUndefined();
  });
});
