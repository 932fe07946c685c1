/**
 * The LXC configuration of a machine, printed from a table and read back for its labels. The same lines serve control
 * groups v1 and v2: LXC takes `lxc.cgroup` for the one and `lxc.cgroup2` for the other.
 */
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { MachineRole } from '../src/sandbox/testbed.ts';

/** What a machine says of itself; kept as comments in its configuration. */
export interface MachineLabels {
  readonly sandbox: string;
  readonly machine: string;
  readonly role: MachineRole;
  readonly address: string;
  readonly fingerprint: string;
}

export interface MachineNic {
  readonly bridge: string;
  /** The user's machine's end. */
  readonly link: string;
  /** With prefix length. Undefined: the NIC becomes a port of a bridge in the machine. */
  readonly address?: string | undefined;
  readonly gateway?: string | undefined;
}

export interface MachineConfig {
  readonly labels: MachineLabels;
  /** Directories that the machine lies over, uppermost first. */
  readonly layers: readonly string[];
  /** Holds all that is the machine's own; its name is the container's. */
  readonly folder: string;
  /** `eth0`, `eth1`, … */
  readonly nics: readonly MachineNic[];
  /** Real directories: one of the user's machine, and where it appears. */
  readonly binds: readonly { readonly from: string; readonly to: string; readonly readOnly?: boolean }[];
}

/**
 * What every machine has. Docker needs all capabilities and devices and a file system of control groups that it can
 * write; systemd needs the same. Isolation from the user's machine is by namespaces alone, as for a test it may be, and
 * by LXC's filter of system calls, which keeps machines from the kernel's modules. LXC's `common.conf` is not included:
 * it brings hooks of lxcfs, of which one sleeps for half a second whenever a machine stops.
 */
export const SETTINGS: readonly (readonly [string, string])[] = [
  ['lxc.apparmor.profile', 'unconfined'],
  ['lxc.seccomp.profile', '/usr/share/lxc/config/common.seccomp'],
  ['lxc.mount.auto', 'proc:rw sys:rw cgroup:rw:force'],
  ...controlGroupSettings(),
  ['lxc.console.path', 'none'],
  ['lxc.tty.max', '0'],
  ['lxc.pty.max', '1024'],
  // systemd leaves /run alone when it is mounted, and so what lies in it.
  ['lxc.mount.entry', 'tmpfs run tmpfs rw,nosuid,nodev,mode=755 0 0'],
];

/** Settings of control groups by LXC's prefix for each version; LXC passes over those of the version that is not there. */
function controlGroupSettings(): (readonly [string, string])[] {
  const settings = [['devices.allow', 'a']] as const;
  const prefixes = { v1: 'lxc.cgroup', v2: 'lxc.cgroup2' } as const;
  return Object.values(prefixes).flatMap((prefix) =>
    settings.map(([name, value]) => [`${prefix}.${name}`, value] as const),
  );
}

const NIC_SETTINGS = { type: 'veth', flags: 'up' } as const;

export function printConfig({ labels, layers, folder, nics, binds }: MachineConfig): string {
  const labelLines = Object.entries(labels).map(([key, value]) => `# onedock.${key} = ${value}`);
  const lines: (readonly [string, string])[] = [
    ['lxc.uts.name', labels.machine],
    ['lxc.rootfs.path', `overlay:${layers.join(':')}:${join(folder, 'upper')}`],
    ...SETTINGS,
    ...binds.map(({ from, to, readOnly = false }) => {
      const options = `bind,${readOnly ? 'ro,' : ''}create=dir`;
      return ['lxc.mount.entry', `${from} ${to.replace(/^\//, '')} none ${options} 0 0`] as const;
    }),
    ...nics.flatMap((nic, i) => nicLines(nic, `lxc.net.${i}`, `eth${i}`)),
  ];
  return `${[...labelLines, ...lines.map(([key, value]) => `${key} = ${value}`)].join('\n')}\n`;
}

function nicLines({ bridge, link, address, gateway }: MachineNic, prefix: string, name: string) {
  const settings = {
    ...NIC_SETTINGS,
    name,
    link: bridge,
    hwaddr: macOf(link),
    'veth.pair': link,
    'ipv4.address': address,
    'ipv4.gateway': gateway,
  };
  return Object.entries(settings).flatMap(([key, value]) =>
    value === undefined ? [] : [[`${prefix}.${key}`, value] as const],
  );
}

/** The same for a machine that is made again, so that its neighbours find it at once. Locally administered. */
function macOf(link: string): string {
  const digest = createHash('sha256').update(link).digest('hex');
  return ['02', ...(digest.match(/../g) ?? []).slice(0, 5)].join(':');
}

export interface ReadConfig {
  readonly labels: MachineLabels;
  readonly layers: readonly string[];
}

/** What `printConfig` wrote; undefined when it is no configuration of a machine of ours. */
export function readConfig(text: string): ReadConfig | undefined {
  const labels = Object.fromEntries(
    [...text.matchAll(/^# onedock\.(\w+) = (.*)$/gm)].map(([, key, value]) => [key, value]),
  );
  const { sandbox, machine, role, address, fingerprint } = labels;
  if (!sandbox || !machine || !address || !fingerprint || (role !== 'frontend' && role !== 'host')) return undefined;
  const [, directories = ''] = /^lxc\.rootfs\.path = overlay:(.*)$/m.exec(text) ?? [];
  const layers = directories.split(':').filter((path) => basename(path) !== 'upper');
  return { labels: { sandbox, machine, role, address, fingerprint }, layers };
}
