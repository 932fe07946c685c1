import { describe, expect, it } from 'vitest';
import { combine } from '../../../provision/machine-description.ts';
import { packageSystemOf } from '../../../provision/package-system.ts';
import { PACKAGES } from '../../../provision/packages.ts';
import { inRpmWords } from '../../../provision/rpm-words.ts';

describe('packageSystemOf', () => {
  it.each([
    [['debian', ''], 'deb'],
    [['ubuntu', 'debian'], 'deb'],
    [['fedora', ''], 'rpm'],
    [['rocky', 'rhel', 'centos', 'fedora'], 'rpm'],
    [['opensuse-leap', 'suse'], undefined],
    [[''], undefined],
  ])('of %j is %s', (system, name) => {
    expect(packageSystemOf(system)).toBe(name);
  });
});

describe('inRpmWords', () => {
  it('has names of all packages of hosts, and of the SSH server', () => {
    const files = [
      { path: '/a', mode: 0o644, content: '', restarts: ['ssh.service', 'docker.service'] },
      { path: '/b', mode: 0o644, content: '' },
    ];
    const packages = [...PACKAGES.base, ...PACKAGES.dockerEngine, ...PACKAGES.dockerHost];
    const described = inRpmWords(combine({ packages, files }));
    expect(described.packages).toEqual(
      expect.arrayContaining(['iproute', 'procps-ng', '/usr/bin/dockerd', '/usr/bin/docker', 'busybox']),
    );
    expect(described.files.map(({ restarts }) => restarts)).toEqual([['sshd.service', 'docker.service'], undefined]);
  });

  it('has no words for what front-ends need', () => {
    expect(() => inRpmWords(combine({ packages: PACKAGES.registry }))).toThrow('docker-registry');
  });
});
