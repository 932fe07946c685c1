/**
 * A description of a host in the words of RHEL, Fedora and their kin: what is of another name there. Programs that come
 * in packages of several names are asked for by their path, which dnf takes as well.
 */
import type { CompleteDescription } from './machine-description.ts';
import type { PACKAGES } from './packages.ts';

type OfHosts = (typeof PACKAGES)['base' | 'dockerEngine' | 'dockerHost'][number];

export const DOCKERD = '/usr/bin/dockerd';
export const BUSYBOX = 'busybox';

const PACKAGE_NAMES: Readonly<Record<OfHosts, readonly string[]>> = {
  'openssh-server': ['openssh-server'],
  sudo: ['sudo'],
  'ca-certificates': ['ca-certificates'],
  // Of `curl` or `curl-minimal`, which exclude each other.
  curl: ['/usr/bin/curl'],
  iproute2: ['iproute'],
  'iputils-ping': ['iputils'],
  procps: ['procps-ng'],
  // Of `docker-ce` and its client, or of Fedora's `moby-engine`.
  'docker.io': [DOCKERD, '/usr/bin/docker'],
  'busybox-static': [BUSYBOX],
  dosfstools: ['dosfstools'],
  e2fsprogs: ['e2fsprogs'],
  nftables: ['nftables'],
  'util-linux': ['util-linux'],
  xfsprogs: ['xfsprogs'],
};

const UNIT_NAMES: Readonly<Record<string, string>> = { 'ssh.service': 'sshd.service' };

/** @throws TypeError for what has no name there: what only front-ends have */
export function inRpmWords(description: CompleteDescription): CompleteDescription {
  return {
    ...description,
    packages: description.packages.flatMap((name) => {
      const names = PACKAGE_NAMES[name as OfHosts];
      if (names === undefined) throw new TypeError(`${name} has no name on RHEL and its kin.`);
      return names;
    }),
    files: description.files.map(({ restarts, ...file }) =>
      restarts === undefined ? file : { ...file, restarts: restarts.map((unit) => UNIT_NAMES[unit] ?? unit) },
    ),
  };
}
