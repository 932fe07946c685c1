/** docs/reference/doctor.md: what `onedock doctor` and `onedock host check` look at, with what they say where nothing is well. */
import { judgeHost, type MachineFacts } from '../../provision/preflight.ts';
import { HOST_CHECKS } from '../../src/install/hosts/check.ts';
import type { Facts } from '../../src/sandbox/doctor/facts.ts';
import { judge } from '../../src/sandbox/doctor/judge.ts';

const HOSTS = 2;

const BARE_MACHINE: Facts = {
  isRoot: false,
  architecture: 'mips',
  kernel: '4.4',
  cgroupVersion: 0,
  features: { bridge: false, veth: false, nftables: false, overlay: false, loop: false },
  limits: {
    'fs.inotify.max_user_instances': 16,
    'kernel.keys.maxkeys': 20,
    'kernel.pid_max': 4096,
    'net.ipv4.neigh.default.gc_thresh3': 128,
  },
  freeDiskMb: 100,
  freeMemoryMb: 100,
  missingPackages: [{ package: 'lxc', provides: ['lxc-start'], group: 'sandbox', purpose: 'machines' }],
  dropsBridgedTraffic: true,
  stackEngine: undefined,
};

const BARE_HOST: MachineFacts = {
  hostName: 'node-1',
  isRoot: false,
  system: ['arch'],
  architecture: 'mips',
  hasSystemd: false,
  includesSshSettings: false,
  unavailable: [],
  enforcesSelinux: true,
  hostKey: '',
  hasVxlan: false,
  hasOverlay: false,
  usedBy: '',
  hostOf: 'other.example.org',
  foreignDocker: 'web',
  foreignOpenNebula: true,
  freeMb: 100,
};

export async function renderDoctor(): Promise<string> {
  return [
    '# What doctor looks at',
    `Each finding has a permanent code. \`onedock up\` looks first, and stops at those that are fatal. The sentences are those for a machine that lacks everything, and ${HOSTS} hosts.`,
    ...judge(BARE_MACHINE, HOSTS).map(({ code, title, status, cause, fix }) =>
      [`## ${code}`, '', `${title}; ${status}.`, '', `- **Cause**: ${cause}`, `- **Fix**: ${fix}`].join('\n'),
    ),
    '# What host check looks at',
    '`onedock host check` says for each machine whether it can serve as a host; the first ones are also what `onedock host prepare` refuses a machine for. The sentences are again those for a machine that lacks everything. HOST_REACHED stands alone: a machine that does not let anybody in has no other finding.',
    ...judgeHost(BARE_HOST, 'cloud.example.org').map(({ code, title, reason }) =>
      [
        `## ${code}`,
        `${title}.`,
        `- **Cause**: ${reason ?? 'Its repositories lack a Docker Engine, or busybox.'}`,
      ].join('\n\n'),
    ),
    ...HOST_CHECKS.map(({ code, title, fix }) => [`## ${code}`, `${title}.`, `- **Fix**: ${fix}`].join('\n\n')),
  ].join('\n\n');
}
