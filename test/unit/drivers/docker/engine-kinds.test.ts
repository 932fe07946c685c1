import { describe, expect, it } from 'vitest';
import type { ContainerSpec } from '../../../../src/drivers/docker/docker-types.ts';
import { ENGINE_KINDS } from '../../../../src/drivers/docker/engine-kinds.ts';
import { empty, fakeDockerEngine, json } from '../../../support/fake-docker-engine.ts';

const LIMITS = { Memory: 64 * 2 ** 20, MemorySwap: 64 * 2 ** 20, NanoCpus: 1.5e9, CpuShares: 512, PidsLimit: 100 };
const ANSWERS = {
  'GET /info': json({ NCPU: 2, Architecture: 'amd64' }),
  'POST /containers/one-5/start': empty(204),
  'POST /containers/one-5/update': json({}),
  'POST /libpod/containers/one-5/update': json({}, 201),
};
const podman = () => fakeDockerEngine(ANSWERS, '1.41', (connection) => connection, { 'libpod-api-version': '4.3.1' });
const calls = ({ asked }: ReturnType<typeof podman>) => asked.map(({ version, call }) => `${version} ${call}`);

describe('an engine of Docker', () => {
  it('gets new limits before it starts a container', async () => {
    const docker = fakeDockerEngine(ANSWERS);
    await docker.engine.start('one-5', { limits: LIMITS });
    expect(calls(docker)).toEqual(['1.41 POST /containers/one-5/update', '1.41 POST /containers/one-5/start']);
    expect(docker.asked[0]?.body).toEqual(LIMITS);
  });

  it('makes no network of its own, so that the files of one are given', () => {
    const place = { Type: 'bind', Source: '/vms/5/shim', Target: '/.onedock' } as const;
    const spec = { Image: 'i', HostConfig: { NetworkMode: 'none', Mounts: [place], Binds: ['/a:/b'] } };
    expect(ENGINE_KINDS.docker.spec(spec)).toEqual({
      ...spec,
      NetworkDisabled: true,
      HostConfig: {
        ...spec.HostConfig,
        Binds: [
          '/a:/b',
          '/vms/5/shim/hosts:/etc/hosts:rprivate,rw',
          '/vms/5/shim/resolv.conf:/etc/resolv.conf:rprivate,rw',
        ],
      },
    });
  });

  it('is not left alone with a start that has begun', async () => {
    const docker = fakeDockerEngine(ANSWERS);
    const stop = new AbortController();
    const started = docker.engine.start('one-5', { signal: stop.signal });
    await expect.poll(() => docker.asked.length).toBeGreaterThan(0);
    stop.abort(new Error('DRIVER_CANCEL'));
    await expect(started).resolves.toBeUndefined();
    await expect(docker.engine.start('one-5', { signal: stop.signal })).rejects.toThrow('DRIVER_CANCEL');
  });
});

describe('Podman', () => {
  it('gets new limits when the container runs, under its own name', async () => {
    const other = podman();
    await other.engine.start('one-5', { limits: LIMITS });
    expect(calls(other)).toEqual(['1.41 POST /containers/one-5/start', '4.0.0 POST /libpod/containers/one-5/update']);
    expect(other.asked[1]?.body).toEqual({
      memory: { limit: LIMITS.Memory, swap: LIMITS.MemorySwap },
      cpu: { shares: 512, period: 100_000, quota: 150_000 },
      pids: { limit: 100 },
    });
  });

  it('names processors as the kernel does', async () => {
    await expect(podman().engine.info()).resolves.toMatchObject({ Architecture: 'x86_64' });
  });

  it.each([
    [false, 'ENGINE_WITHOUT_CONTROL_GROUPS'],
    [true, 'CONTAINER_NOT_FROZEN'],
  ])('without root and control groups freezes nothing (accepted: %s)', async (withoutControlGroups, code) => {
    const answers = {
      'GET /info': json({ NCPU: 2, Architecture: 'amd64', Rootless: true }),
      'GET /libpod/info': json({
        host: { cgroupVersion: 'v1', cgroupManager: 'cgroupfs', idMappings: { uidmap: [], gidmap: [] } },
      }),
      'POST /containers/one-5/pause': json({ message: 'can not pause containers on rootless containers' }, 500),
    };
    const headers = { 'libpod-api-version': '4.3.1' };
    const { engine } = fakeDockerEngine(answers, '1.41', (connection) => connection, headers, { withoutControlGroups });
    await expect(engine.pause('one-5')).rejects.toMatchObject({ code });
  });

  it('is given mounts with what is mounted below them, and the name servers as a file', () => {
    const mount = (Source: string, Target: string, Propagation: 'rslave' | 'rprivate') =>
      ({ Type: 'bind', Source, Target, ReadOnly: true, BindOptions: { Propagation } }) as const;
    const spec: ContainerSpec = {
      Image: 'i',
      HostConfig: {
        NetworkMode: 'none',
        Mounts: [mount('/vms/5/shim', '/.onedock', 'rprivate'), mount('/vms/5/media', '/media', 'rslave')],
      },
    };
    expect(ENGINE_KINDS.podman.spec(spec).HostConfig).toEqual({
      NetworkMode: 'none',
      Mounts: [],
      Binds: [
        '/vms/5/shim:/.onedock:rbind,rprivate,ro',
        '/vms/5/media:/media:rbind,rslave,ro',
        '/vms/5/shim/resolv.conf:/etc/resolv.conf:rprivate,rw',
      ],
    });
  });
});
