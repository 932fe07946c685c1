import { describe, expect, it } from 'vitest';
import type { EngineInfo } from '../../../../src/drivers/docker/docker-types.ts';
import { readTraits } from '../../../../src/drivers/docker/engine-traits.ts';

/** As `GET /info` of Docker 20.10 has them. */
const info = (told: Partial<EngineInfo>) =>
  ({
    NCPU: 4,
    SecurityOptions: ['name=seccomp,profile=default'],
    DockerRootDir: '/var/lib/docker',
    ...told,
  }) as EngineInfo;

describe('readTraits', () => {
  it('knows an engine whose containers have the root of the host', () => {
    expect(readTraits('host-1', info({}))).toEqual({ processors: 4, remappedRoot: undefined });
  });

  it('knows whose root a container has by userns-remap', () => {
    const remapped = { SecurityOptions: ['name=userns'], DockerRootDir: '/srv/docker/165536.100000' };
    expect(readTraits('host-1', info(remapped)).remappedRoot).toEqual({ uid: 165536, gid: 100000 });
  });

  it.each([
    ['Docker', { SecurityOptions: ['name=seccomp,profile=default', 'name=rootless'] }],
    ['Podman', { Rootless: true }],
  ])('refuses %s that runs without root', (_, told) => {
    expect(() => readTraits('host-1', info(told))).toThrow(
      expect.objectContaining({ code: 'ENGINE_OF_OTHER_ROOT', message: expect.stringContaining('host-1') }),
    );
  });
});
