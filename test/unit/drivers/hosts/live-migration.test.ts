import { describe, expect, it } from 'vitest';
import type { DockerHost } from '../../../../src/drivers/hosts/docker-hosts.ts';
import { findObstacles, readCheck } from '../../../../src/drivers/hosts/live-migration.ts';
import { containerOf } from '../../../support/recording-docker-host.ts';

const signal = new AbortController().signal;
const FIT = { ExperimentalBuild: true, Driver: 'overlay2', InitBinary: '/usr/bin/tini-static' };

function hostOf(
  name: string,
  { info = FIT, said = 'criu 4.2\n', known = true, owners = undefined as object | undefined } = {},
) {
  const asked: string[] = [];
  const host = {
    name,
    docker: { checkpoints: { areKnown: async () => known }, info: async () => info, traits: async () => ({ owners }) },
    helper: async (verb: string, args: readonly string[]) => {
      asked.push([verb, ...args].join(' '));
      return said;
    },
  } as unknown as DockerHost;
  return { host, asked };
}

const container = {
  ...containerOf(5, { status: 'running' }),
  GraphDriver: { Name: 'overlay2', Data: { UpperDir: '/var/lib/docker/overlay2/a/diff' } },
};
const between = (from: DockerHost, to: DockerHost, more: object = {}) =>
  findObstacles({ from, to, container, hasSnapshots: false, ...more }, signal);

describe('what CRIU of a host says', () => {
  it('is its version where nothing is in the way', () => {
    expect(readCheck('criu 4.2\n', 'h')).toEqual({ criu: '4.2', obstacles: [] });
  });

  it.each([
    ['missing criu\n', 'There is no CRIU on h.'],
    [
      'criu 3.17.1\nfailed Error (criu/cr-check.c:1): no such thing.\n',
      'CRIU does not work on h: Error (criu/cr-check.c:1): no such thing.',
    ],
    [
      'criu 4.2\noption shell-job\noption external mnt[]\n',
      '/etc/criu/runc.conf on h lacks shell-job, external mnt[].',
    ],
    [
      'criu 4.2\nlink /usr/bin/docker-init\n',
      '/usr/bin/docker-init on h, the first program of containers, is a link, which CRIU does not follow: name where it leads by "init-path" in daemon.json.',
    ],
  ])('%j is told in words', (said, obstacle) => {
    expect(readCheck(said, 'h').obstacles).toEqual([obstacle]);
  });
});

describe('what is in the way of a live migration', () => {
  it('is nothing between two hosts that can', async () => {
    const { host, asked } = hostOf('h');
    expect(await between(host, hostOf('i').host)).toEqual([]);
    expect(asked).toEqual(['live-check /usr/bin/tini-static']);
  });

  it('is named all at once, of the VM and of both hosts', async () => {
    const from = hostOf('h', { info: { ...FIT, ExperimentalBuild: false, Driver: 'btrfs' } });
    const to = hostOf('i', { said: 'criu 4.1\n', owners: {} });
    const reverted = { ...container, Config: { ...container.Config, Image: 'onedock/vm-5:snapshot-0' } };
    expect(await between(from.host, to.host, { container: reverted, hasSnapshots: true })).toEqual([
      'The VM was taken back to a system snapshot, which lies on its host.',
      'The system snapshots of the VM lie on its host, and would be lost.',
      'The Docker Engine of h makes no checkpoints: daemon.json lacks "experimental": true.',
      'The Docker Engine of h keeps files by btrfs; only overlay2 is known here.',
      'The Docker Engine of i gives containers users of their own (userns-remap).',
      'h has CRIU 4.2, and i 4.1.',
    ]);
  });

  it('is an engine that is none of Docker’s, of which nothing else is asked', async () => {
    const podman = hostOf('i', { known: false });
    expect(await between(hostOf('h').host, podman.host)).toEqual([
      'The engine of i is Podman, whose VMs move only when they are off.',
    ]);
    expect(podman.asked).toEqual([]);
  });
});
