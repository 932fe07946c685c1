/**
 * Whether a machine that somebody else has set up can become one of a sandbox: what it is like is asked in one go, and
 * judged as a whole, so that a person hears of all that is missing at once.
 */
import type { Transport } from '../src/transport/transport.ts';
import { fail } from './errors.ts';
import { LABEL_FILE, type MachineLabel } from './machine-label.ts';
import { OWN_HOST_KEY } from './ssh-trust.ts';

export interface MachineFacts {
  readonly hostName: string;
  readonly isRoot: boolean;
  /** ID and ID_LIKE of os-release(5). */
  readonly system: readonly string[];
  /** As `uname -m` has it. */
  readonly architecture: string;
  readonly hasSystemd: boolean;
  /** Public key of its SSH server; empty when it has none of this kind. */
  readonly hostKey: string;
  readonly hasVxlan: boolean;
  readonly hasOverlay: boolean;
  /** Sandbox and machine as which it is in use already; empty for neither. */
  readonly usedBy: string;
  /** Configuration or containers of a Docker that is not ONEDock's. */
  readonly foreignDocker: string;
  /** Whether OpenNebula's own packages are there. */
  readonly foreignOpenNebula: boolean;
  readonly freeMb: number;
}

export interface IntendedUse {
  readonly sandbox: string;
  readonly machine: string;
  readonly role: 'frontend' | 'host';
}

/** Prints `NAME=value` lines. A device that is made for a moment shows whether the kernel has VXLAN. */
const LOOK = `
say() { printf '%s=%s\\n' "$1" "$2"; }
say hostName "$(uname -n)"
say uid "$(id -u)"
say system "$(. /etc/os-release && echo "$ID $ID_LIKE")"
say architecture "$(uname -m)"
[ ! -d /run/systemd/system ] || say systemd yes
say hostKey "$(cat ${OWN_HOST_KEY} 2>/dev/null)"
ip link add onedock-probe type vxlan id 1 dstport 4788 2>/dev/null && ip link delete onedock-probe && say vxlan yes
{ grep -qw overlay /proc/filesystems || modprobe overlay 2>/dev/null; } && say overlay yes
[ -e ${LABEL_FILE} ] || {
  [ ! -e /etc/docker/daemon.json ] || say docker '/etc/docker/daemon.json'
  [ ! -e /etc/one/oned.conf ] && [ ! -e /var/lib/one/remotes/etc ] || say opennebula yes
  [ ! -S /run/docker.sock ] || say docker "$(docker ps --all --format '{{.Names}}' 2>/dev/null | tr '\\n' ' ')"
}
say freeMb "$(df --output=avail -m /var | tail -n 1)"
`;

export async function gatherMachineFacts(machine: Transport, label: MachineLabel | undefined): Promise<MachineFacts> {
  const { stdout } = await machine.run(['sh', '-s'], { stdin: LOOK, acceptExitCodes: [0, 1] });
  const found = Map.groupBy(stdout.matchAll(/^(\w+)=(.*)$/gm), ([, name]) => name);
  const values = (name: string) => (found.get(name) ?? []).map(([, , value = '']) => value.trim());
  const value = (name: string) => values(name).join(' ').trim();
  return {
    hostName: value('hostName'),
    isRoot: value('uid') === '0',
    system: value('system').split(' '),
    architecture: value('architecture'),
    hasSystemd: value('systemd') === 'yes',
    hostKey: value('hostKey'),
    hasVxlan: value('vxlan') === 'yes',
    hasOverlay: value('overlay') === 'yes',
    usedBy: label === undefined ? '' : `${label.sandbox} ${label.machine}`,
    foreignDocker: value('docker'),
    foreignOpenNebula: value('opennebula') === 'yes',
    freeMb: Number(value('freeMb')),
  };
}

/** Of Node's names for processors, what `uname -m` calls them. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };
const LEAST_FREE_MB = 2000;

/** @throws MACHINE_UNFIT with all reasons */
export function ensureMachineFits(place: string, facts: MachineFacts, use: IntendedUse): void {
  const reasons = CHECKS.flatMap((check) => check(facts, use) ?? []);
  if (reasons.length > 0) throw fail('MACHINE_UNFIT', { place, machine: use.machine, reasons });
}

/** Names of a sandbox's machines. Drivers take the host that is called as their own machine is for that one. */
const MACHINE_NAME = /^(frontend|host-\d+)$/;

/** Their ID_LIKE (os-release(5)). */
const RPM_SYSTEMS = new Set(['rhel', 'centos', 'fedora', 'suse']);

const CHECKS: readonly ((facts: MachineFacts, use: IntendedUse) => string | undefined)[] = [
  ({ isRoot }) => (isRoot ? undefined : 'The user is not root there, and may not become it by `sudo -n`.'),
  ({ system }) => {
    if (system.includes('debian')) return undefined;
    if (system.some((each) => RPM_SYSTEMS.has(each)))
      return `It runs ${system[0]}, whose own repositories have no Docker Engine; machines are set up with the packages of Debian 12, Ubuntu 22.04 and later ones.`;
    return `It runs ${system[0] || 'an unknown system'}; machines are set up with the packages of Debian 12, Ubuntu 22.04 and later ones.`;
  },
  ({ hostName }, { machine }) =>
    MACHINE_NAME.test(hostName) && hostName !== machine
      ? `It calls itself ${hostName}, as another machine of the sandbox is called: \`hostnamectl hostname\` there gives it another name.`
      : undefined,
  ({ hasSystemd }) => (hasSystemd ? undefined : 'Its services are not run by systemd.'),
  ({ hostKey }) => (hostKey === '' ? `It has no ${OWN_HOST_KEY}: \`ssh-keygen -A\` makes one.` : undefined),
  ({ architecture }, { role }) => {
    const own = ARCHITECTURES[process.arch];
    if (role === 'host' || architecture === own) return undefined;
    return `Its processor is ${architecture}; the front-end gets the Node of this machine, which is ${own}.`;
  },
  ({ hasVxlan }) => (hasVxlan ? undefined : 'Its kernel makes no VXLAN: `modprobe vxlan` there says why.'),
  ({ hasOverlay }) =>
    hasOverlay ? undefined : 'Its kernel has no overlay file system: `modprobe overlay` there says why.',
  ({ usedBy }, { sandbox, machine }) =>
    usedBy === '' || usedBy === `${sandbox} ${machine}`
      ? undefined
      : `It is a machine of a sandbox already (${usedBy.replace(' ', ', ')}): \`onedock down\` with that one's configuration frees it.`,
  ({ foreignDocker }) =>
    foreignDocker === ''
      ? undefined
      : `Its Docker is in use by somebody else (${foreignDocker}); a host needs one of its own.`,
  ({ foreignOpenNebula }) => (foreignOpenNebula ? 'It has an OpenNebula of its own.' : undefined),
  ({ freeMb }) =>
    freeMb >= LEAST_FREE_MB ? undefined : `It has ${freeMb} MB free in /var; ${LEAST_FREE_MB} are needed.`,
];
