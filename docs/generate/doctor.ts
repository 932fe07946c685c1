/** docs/reference/doctor.md: what `onedock doctor` looks at, with what it says about a machine that has nothing. */
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

export async function renderDoctor(): Promise<string> {
  return [
    '# What doctor looks at',
    `Each finding has a permanent code. \`onedock up\` looks first, and stops at those that are fatal. The sentences are those for a machine that lacks everything, and ${HOSTS} hosts.`,
    ...judge(BARE_MACHINE, HOSTS).map(({ code, title, status, cause, fix }) =>
      [`## ${code}`, '', `${title}; ${status}.`, '', `- **Cause**: ${cause}`, `- **Fix**: ${fix}`].join('\n'),
    ),
  ].join('\n\n');
}
