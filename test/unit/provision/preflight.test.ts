import { describe, expect, it } from 'vitest';
import { ensureMachineFits, gatherMachineFacts, judgeHost, type MachineFacts } from '../../../provision/preflight.ts';
import type { OnedockError } from '../../../src/errors/onedock-error.ts';

const FIT: MachineFacts = {
  hostName: 'rack-7',
  isRoot: true,
  system: ['ubuntu', 'debian'],
  architecture: { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? '',
  hasSystemd: true,
  includesSshSettings: true,
  unavailable: [],
  enforcesSelinux: false,
  hostKey: 'ssh-ed25519 AAAA',
  hasVxlan: true,
  hasOverlay: true,
  usedBy: '',
  hostOf: '',
  foreignDocker: '',
  foreignOpenNebula: false,
  freeMb: 50_000,
};
const ROCKY = ['rocky', 'rhel', 'centos', 'fedora'];
const USE = { sandbox: 'demo', machine: 'frontend', role: 'frontend' } as const;

function reasons(facts: Partial<MachineFacts>, use: Parameters<typeof ensureMachineFits>[2] = USE): readonly string[] {
  try {
    ensureMachineFits('ssh 192.0.2.1', { ...FIT, ...facts }, use);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'MACHINE_UNFIT' });
    return (error as OnedockError & { data: { reasons: string[] } }).data.reasons;
  }
}

describe('ensureMachineFits', () => {
  it('lets a machine of a Debian-like system pass', () => {
    expect(reasons({})).toEqual([]);
  });

  it.each([
    [{ isRoot: false }, /sudo -n/],
    [{ hostName: 'host-1' }, /calls itself host-1/],
    [{ system: ROCKY }, /It runs rocky, which has no package of the registry .* It can be a host/],
    [{ system: ['arch'] }, /It runs arch;/],
    [{ system: ['opensuse-leap', 'suse'] }, /It runs opensuse-leap;/],
    [{ enforcesSelinux: true }, /setenforce 0/],
    [{ includesSshSettings: false }, /Include/],
    [{ system: [''] }, /unknown system/],
    [{ hasSystemd: false }, /systemd/],
    [{ hostKey: '' }, /ssh-keygen -A/],
    [{ architecture: 'riscv64' }, /riscv64/],
    [{ hasVxlan: false }, /VXLAN/],
    [{ hasOverlay: false }, /overlay/],
    [{ usedBy: 'other host-1' }, /other, host-1/],
    [{ hostOf: 'cloud.example.org' }, /OpenNebula of cloud.example.org already/],
    [{ foreignDocker: 'web db' }, /web db/],
    [{ foreignOpenNebula: true }, /OpenNebula/],
    [{ freeMb: 100 }, /100 MB/],
  ] satisfies [Partial<MachineFacts>, RegExp][])('refuses one with %j', (facts, reason) => {
    expect(reasons(facts)).toEqual([expect.stringMatching(reason)]);
  });

  it('tells all reasons at once', () => {
    expect(reasons({ hasSystemd: false, hasVxlan: false, freeMb: 0 })).toHaveLength(3);
  });

  it('takes one of RHEL and its kin as a host, where its repositories have what hosts need', () => {
    const host = { ...USE, machine: 'host-1', role: 'host' } as const;
    expect(reasons({ system: ROCKY }, host)).toEqual([]);
    expect(reasons({ system: ROCKY, unavailable: ['/usr/bin/dockerd', 'busybox'] }, host)).toEqual([
      expect.stringMatching(/^It runs rocky, and .*Docker's own.* And .*EPEL/),
    ]);
    expect(reasons({ unavailable: ['busybox'] }, host)).toEqual([]);
  });

  it('takes its own machine again, and a host with any processor', () => {
    expect(reasons({ usedBy: 'demo frontend' })).toEqual([]);
    expect(reasons({ architecture: 'riscv64' }, { ...USE, machine: 'host-1', role: 'host' })).toEqual([]);
  });
});

describe('judgeHost', () => {
  const codes = (facts: Partial<MachineFacts>) =>
    judgeHost({ ...FIT, ...facts }, 'cloud').flatMap(({ code, reason }) => (reason === undefined ? [] : [code]));

  it('lets a machine pass that is one of its own already, or without VXLAN', () => {
    expect(codes({ hostOf: 'cloud', hasVxlan: false, hostName: 'host-1' })).toEqual([]);
  });

  it.each([
    [{ isRoot: false }, 'HOST_ROOT'],
    [{ system: ['arch'] }, 'HOST_SYSTEM'],
    [{ hasSystemd: false }, 'HOST_SYSTEMD'],
    [{ hostKey: '' }, 'HOST_KEY'],
    [{ hasOverlay: false }, 'HOST_OVERLAY'],
    [{ usedBy: 'other host-1' }, 'HOST_OTHER_USE'],
    [{ hostOf: 'elsewhere' }, 'HOST_OTHER_USE'],
    [{ foreignDocker: 'web' }, 'HOST_DOCKER_FREE'],
    [{ foreignOpenNebula: true }, 'HOST_OPENNEBULA_FREE'],
    [{ freeMb: 100 }, 'HOST_DISK'],
  ] satisfies [Partial<MachineFacts>, string][])('refuses one with %j as %s', (facts, code) => {
    expect(codes(facts)).toEqual([code]);
  });
});

describe('gatherMachineFacts', () => {
  const machine = (stdout: string) => ({
    name: 'ssh 192.0.2.1',
    run: async () => ({ stdout, stderr: '', exitCode: 0 }),
    put: async () => {},
    async [Symbol.asyncDispose]() {},
  });

  it('reads what the machine says of itself', async () => {
    const said =
      'hostName=rack-7\nuid=0\nsystem=ubuntu debian\narchitecture=aarch64\nsystemd=yes\nsshSettings=yes\nhostKey=ssh-ed25519 AAAA me\nvxlan=yes\nfreeMb=4000\n';
    expect(await gatherMachineFacts(machine(said), undefined)).toEqual({
      ...FIT,
      architecture: 'aarch64',
      hostKey: 'ssh-ed25519 AAAA me',
      hasOverlay: false,
      freeMb: 4000,
    });
  });

  it('takes silence for the worst', async () => {
    expect(await gatherMachineFacts(machine('docker=web \ndocker=/etc/docker/daemon.json\n'), undefined)).toMatchObject(
      {
        isRoot: false,
        hasSystemd: false,
        hostKey: '',
        includesSshSettings: false,
        foreignDocker: 'web /etc/docker/daemon.json',
      },
    );
  });
});
