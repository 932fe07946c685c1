/**
 * Whether a machine that somebody else has set up can become one of a sandbox, or a host of an OpenNebula: what it is like is asked in one go, and
 * judged as a whole, so that a person hears of all that is missing at once.
 */
import type { Transport } from '../src/transport/transport.ts';
import { ONEADMIN } from './base.ts';
import { fail } from './errors.ts';
import { HOST_LABEL_FILE, LABEL_FILE, type MachineLabel } from './machine-label.ts';
import { packageSystemOf } from './package-system.ts';
import { BUSYBOX, DOCKERD } from './rpm-words.ts';
import { OWN_HOST_KEY } from './ssh-trust.ts';

export interface MachineFacts {
  readonly hostName: string;
  readonly isRoot: boolean;
  /** ID and ID_LIKE of os-release(5). */
  readonly system: readonly string[];
  /** As `uname -m` has it. */
  readonly architecture: string;
  readonly hasSystemd: boolean;
  /** Whether its SSH server reads /etc/ssh/sshd_config.d. */
  readonly includesSshSettings: boolean;
  /** Of what only some repositories have, what none of its has. */
  readonly unavailable: readonly string[];
  readonly enforcesSelinux: boolean;
  /** Public key of its SSH server; empty when it has none of this kind. */
  readonly hostKey: string;
  readonly hasVxlan: boolean;
  readonly hasOverlay: boolean;
  /** Sandbox and machine as which it is in use already; empty for neither. */
  readonly usedBy: string;
  /** Front-end, no sandbox's, whose host it is; empty for none. */
  readonly hostOf: string;
  /** Configuration or containers of a Docker that is not ONEDock's, or images of a registry. */
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
! grep -qi '^ *include  */etc/ssh/sshd_config.d/' /etc/ssh/sshd_config || say sshSettings yes
[ "$(getenforce 2>/dev/null)" != Enforcing ] || say selinux yes
say hostKey "$(cat ${OWN_HOST_KEY} 2>/dev/null)"
ip link add onedock-probe type vxlan id 1 dstport 4788 2>/dev/null && ip link delete onedock-probe && say vxlan yes
{ grep -qw overlay /proc/filesystems || modprobe overlay 2>/dev/null; } && say overlay yes
say hostOf "$(sed -n 's/^ *"frontEnd": "\\(.*\\)",*$/\\1/p' ${HOST_LABEL_FILE} 2>/dev/null)"
[ -e ${LABEL_FILE} ] || [ -e ${HOST_LABEL_FILE} ] || {
  ! command -v dnf >/dev/null || for each in ${DOCKERD} ${BUSYBOX}; do
    rpm --query --whatprovides "$each" >/dev/null 2>&1 || dnf --quiet provides "$each" >/dev/null 2>&1 || say unavailable "$each"
  done
  [ ! -e /etc/docker/daemon.json ] || say docker '/etc/docker/daemon.json'
  [ -z "$(ls -A /var/lib/docker-registry 2>/dev/null)" ] || say docker /var/lib/docker-registry
  [ ! -e /etc/one/oned.conf ] && [ -z "$(ls -A ${ONEADMIN.home} 2>/dev/null)" ] || say opennebula yes
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
    includesSshSettings: value('sshSettings') === 'yes',
    unavailable: values('unavailable'),
    enforcesSelinux: value('selinux') === 'yes',
    hostKey: value('hostKey'),
    hasVxlan: value('vxlan') === 'yes',
    hasOverlay: value('overlay') === 'yes',
    usedBy: label === undefined ? '' : `${label.sandbox} ${label.machine}`,
    hostOf: value('hostOf'),
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
  const reasons = [...CHECKS, ...SANDBOX_CHECKS].flatMap(({ examine }) => examine(facts, use) ?? []);
  if (reasons.length > 0) throw fail('MACHINE_UNFIT', { place, machine: use.machine, reasons });
}

/**
 * What keeps a machine from being a host of an OpenNebula that is no sandbox's, each with a permanent code.
 * @param frontEnd  its name
 */
export function judgeHost(facts: MachineFacts, frontEnd: string): readonly UnfitFor[] {
  return [...CHECKS, ...hostChecks(frontEnd)].map(({ code, title, examine }) => ({
    code,
    title,
    reason: examine(facts, { sandbox: '', machine: '', role: 'host' }),
  }));
}

export interface UnfitFor {
  readonly code: string;
  readonly title: string;
  /** Undefined when nothing speaks against it. */
  readonly reason: string | undefined;
}

interface Check {
  readonly code: string;
  readonly title: string;
  readonly examine: (facts: MachineFacts, use: IntendedUse) => string | undefined;
}

/** What is to be done where no repository has it. */
const REPOSITORIES: Readonly<Record<string, string>> = {
  [DOCKERD]: "none of its repositories has a Docker Engine: add Docker's own, as Docker's documentation says for it.",
  [BUSYBOX]: 'none of its repositories has busybox, the first process of every VM: EPEL has it.',
};

const CHECKS: readonly Check[] = [
  {
    code: 'HOST_ROOT',
    title: 'Root',
    examine: ({ isRoot }) => (isRoot ? undefined : 'The user is not root there, and may not become it by `sudo -n`.'),
  },
  {
    code: 'HOST_SYSTEM',
    title: 'System',
    examine: ({ system }, { role }) => {
      const family = packageSystemOf(system);
      if (family === 'deb' || (family === 'rpm' && role === 'host')) return undefined;
      const known = 'Debian 12, Ubuntu 22.04 and later ones';
      return family === 'rpm'
        ? `It runs ${system[0]}, which has no package of the registry that a front-end keeps images in: front-ends are set up with the packages of ${known}. It can be a host.`
        : `It runs ${system[0] || 'an unknown system'}; machines are set up with the packages of ${known}, hosts with those of RHEL 9, Fedora and their kin too.`;
    },
  },
  {
    code: 'HOST_REPOSITORIES',
    title: 'Packages',
    examine: ({ system, unavailable }) => {
      if (packageSystemOf(system) !== 'rpm' || unavailable.length === 0) return undefined;
      return `It runs ${system[0]}, and ${unavailable.map((each) => REPOSITORIES[each]).join(' And ')}`;
    },
  },
  {
    code: 'HOST_SELINUX',
    title: 'SELinux',
    examine: ({ enforcesSelinux }) =>
      enforcesSelinux
        ? 'It enforces SELinux, with which hosts have not been tried: `setenforce 0` there until it is started again, or SELINUX=permissive in /etc/selinux/config.'
        : undefined,
  },
  {
    code: 'HOST_SSH_SETTINGS',
    title: 'Settings of its SSH server',
    examine: ({ includesSshSettings }) =>
      includesSshSettings
        ? undefined
        : 'Its SSH server does not read /etc/ssh/sshd_config.d: `Include /etc/ssh/sshd_config.d/*.conf` at the head of /etc/ssh/sshd_config lets it.',
  },
  {
    code: 'HOST_SYSTEMD',
    title: 'Services',
    examine: ({ hasSystemd }) => (hasSystemd ? undefined : 'Its services are not run by systemd.'),
  },
  {
    code: 'HOST_KEY',
    title: 'Key of its SSH server',
    examine: ({ hostKey }) => (hostKey === '' ? `It has no ${OWN_HOST_KEY}: \`ssh-keygen -A\` makes one.` : undefined),
  },
  {
    code: 'HOST_OVERLAY',
    title: 'Overlay file systems',
    examine: ({ hasOverlay }) =>
      hasOverlay ? undefined : 'Its kernel has no overlay file system: `modprobe overlay` there says why.',
  },
  {
    code: 'HOST_DOCKER_FREE',
    title: 'Docker of its own',
    examine: ({ foreignDocker }) =>
      foreignDocker === ''
        ? undefined
        : `Its Docker is in use by somebody else (${foreignDocker}); a host needs one of its own.`,
  },
  {
    code: 'HOST_OPENNEBULA_FREE',
    title: 'No other OpenNebula',
    examine: ({ foreignOpenNebula }) => (foreignOpenNebula ? 'It has an OpenNebula of its own.' : undefined),
  },
  {
    code: 'HOST_DISK',
    title: 'Free disk',
    examine: ({ freeMb }) =>
      freeMb >= LEAST_FREE_MB ? undefined : `It has ${freeMb} MB free in /var; ${LEAST_FREE_MB} are needed.`,
  },
];

/** Names of a sandbox's machines. Drivers take the host that is called as their own machine is for that one. */
const MACHINE_NAME = /^(frontend|host-\d+)$/;

const inSandbox = (usedBy: string) =>
  `It is a machine of a sandbox already (${usedBy.replace(' ', ', ')}): \`onedock down\` with that one's configuration frees it.`;

const hostOfOther = (frontEnd: string) =>
  `It is a host of the OpenNebula of ${frontEnd} already: \`onedock host release\` there frees it.`;

const SANDBOX_CHECKS: readonly Pick<Check, 'examine'>[] = [
  {
    examine: ({ hostName }, { machine }) =>
      MACHINE_NAME.test(hostName) && hostName !== machine
        ? `It calls itself ${hostName}, as another machine of the sandbox is called: \`hostnamectl hostname\` there gives it another name.`
        : undefined,
  },
  {
    examine: ({ architecture }, { role }) => {
      const own = ARCHITECTURES[process.arch];
      if (role === 'host' || architecture === own) return undefined;
      return `Its processor is ${architecture}; the front-end gets the Node of this machine, which is ${own}.`;
    },
  },
  {
    examine: ({ hasVxlan }) => (hasVxlan ? undefined : 'Its kernel makes no VXLAN: `modprobe vxlan` there says why.'),
  },
  {
    examine: ({ usedBy }, { sandbox, machine }) =>
      usedBy === '' || usedBy === `${sandbox} ${machine}` ? undefined : inSandbox(usedBy),
  },
  { examine: ({ hostOf }) => (hostOf === '' ? undefined : hostOfOther(hostOf)) },
];

const hostChecks = (frontEnd: string): readonly Check[] => [
  {
    code: 'HOST_OTHER_USE',
    title: 'No other cloud',
    examine: ({ usedBy, hostOf }) => {
      if (usedBy !== '') return inSandbox(usedBy);
      return hostOf === '' || hostOf === frontEnd ? undefined : hostOfOther(hostOf);
    },
  },
];
