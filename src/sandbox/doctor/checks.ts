/** What is looked at, as a table: each check reads the facts and says what it found, what it means and what to do. */

import type { Finding } from '../../errors/finding.ts';
import type { Facts, Feature, Limit } from './facts.ts';
import { STACK_ENGINE_VERSION } from './stack-engine.ts';

export interface Check {
  readonly code: string;
  readonly title: string;
  /** Whether a sandbox can do without: `up` says nothing of it then. */
  readonly isExtra?: true;
  examine(facts: Facts, hosts: number): Outcome;
}

type Outcome = Pick<Finding, 'status' | 'cause'> & { readonly fix?: string };

const FIRST_START_MB = 3000;
const MACHINE_DISK_MB = 100;
const FRONT_END_MEMORY_MB = 250;
const HOST_MEMORY_MB = 150;

export const CHECKS: readonly Check[] = [
  {
    code: 'ROOT',
    title: 'Runs as root',
    examine: ({ isRoot }) =>
      isRoot
        ? ok('yes')
        : warning('This user cannot make machines and networks.', 'Use sudo; `onedock` calls it itself where it is.'),
  },
  {
    code: 'PACKAGES',
    title: 'Programs',
    examine: ({ missingPackages }) => {
      const names = missingPackages.map((each) => each.package).join(' ');
      const causes = missingPackages.map((each) => `${each.provides[0]} (${each.purpose})`).join(', ');
      return names === ''
        ? ok('all there')
        : fatal(`Missing: ${causes}.`, `\`onedock up\` installs them. By hand: apt-get install ${names}`);
    },
  },
  {
    code: 'ARCHITECTURE',
    title: 'Processor',
    examine: ({ architecture }) =>
      ['x64', 'arm64'].includes(architecture)
        ? ok(architecture)
        : fatal(`${architecture} is not supported.`, 'Use a machine with an x86-64 or arm64 processor.'),
  },
  {
    code: 'CGROUPS',
    title: 'Control groups',
    examine: ({ cgroupVersion }) =>
      cgroupVersion === 0
        ? fatal(
            'None are mounted at /sys/fs/cgroup.',
            'Mount them: systemd does so at boot; in a container ask its host.',
          )
        : ok(`version ${cgroupVersion}`),
  },
  feature('overlay', 'OverlayFS', 'Machines are overlays over common layers.', 'modprobe overlay'),
  feature('bridge', 'Bridges', 'The networks of a sandbox are bridges.', 'modprobe bridge'),
  feature('veth', 'Virtual Ethernet pairs', 'Each machine is plugged into its networks by pairs.', 'modprobe veth'),
  feature('nftables', 'nftables', 'A sandbox lets its machines out by a table of its own.', 'modprobe nf_tables'),
  {
    code: 'LOOP',
    title: 'Loop devices',
    examine: ({ features }) =>
      features.loop
        ? ok('there')
        : warning('There is no /dev/loop-control: VMs can have no volatile or DATABLOCK disks.', 'modprobe loop'),
  },
  limit(
    'INOTIFY',
    'fs.inotify.max_user_instances',
    (hosts) => 32 + 12 * (hosts + 1),
    'systemd and dockerd of every machine take some; those that get none wait by looking again and again, or fail.',
  ),
  limit('KEYS', 'kernel.keys.maxkeys', () => 200, 'A container that starts takes a keyring.'),
  limit('PROCESSES', 'kernel.pid_max', (hosts) => 8192 * (hosts + 1), 'All machines and VMs share the numbers.'),
  limit(
    'NEIGHBOURS',
    'net.ipv4.neigh.default.gc_thresh3',
    (hosts) => 512 + 64 * hosts,
    'Every VM that talks to this machine takes an entry of the neighbour table.',
  ),
  {
    code: 'DISK',
    title: 'Free disk space',
    examine: ({ freeDiskMb }, hosts) => {
      const needed = FIRST_START_MB + MACHINE_DISK_MB * hosts;
      if (freeDiskMb >= needed) return ok(`${freeDiskMb} MB below /var`);
      return warning(
        `${freeDiskMb} MB below /var; the first start takes about ${needed} MB.`,
        'Make room, or remove old image layers below /var/cache/onedock.',
      );
    },
  },
  {
    code: 'MEMORY',
    title: 'Free memory',
    examine: ({ freeMemoryMb }, hosts) => {
      const needed = FRONT_END_MEMORY_MB + HOST_MEMORY_MB * hosts;
      if (freeMemoryMb >= needed) return ok(`${freeMemoryMb} MB`);
      return warning(`${freeMemoryMb} MB; ${hosts} hosts take about ${needed} MB.`, 'Ask for fewer hosts: --hosts 1');
    },
  },
  {
    code: 'BRIDGE_FILTER',
    title: 'Traffic through bridges',
    examine: ({ dropsBridgedTraffic }) =>
      dropsBridgedTraffic
        ? warning(
            'The firewall of this machine drops what passes through bridges (Docker sets it so), so VMs on different hosts may not reach each other.',
            'sysctl net.bridge.bridge-nf-call-iptables=0',
          )
        : ok('passes'),
  },
  {
    code: 'STACK_ENGINE',
    title: 'Pulumi’s engine, for stacks',
    isExtra: true,
    examine: ({ stackEngine }) => {
      if (stackEngine === 'buildable') return ok('none yet: the first stack downloads it, or builds it with Go');
      if (stackEngine !== undefined) return ok(stackEngine);
      return warning(
        'There is none yet. The first stack downloads it from get.pulumi.com; where that is not reached, there is no Go to build it with.',
        `Install Pulumi ${STACK_ENGINE_VERSION} (https://www.pulumi.com/docs/install), or Go.`,
      );
    },
  },
];

function feature(name: Exclude<Feature, 'loop'>, title: string, why: string, fix: string): Check {
  return {
    code: `KERNEL_${name.toUpperCase()}`,
    title,
    examine: ({ features, kernel }) => {
      if (features[name] === undefined) return ok('only root can tell');
      return features[name] ? ok('there') : fatal(`Kernel ${kernel} has none. ${why}`, fix);
    },
  };
}

function limit(code: string, name: Limit, needed: (hosts: number) => number, why: string): Check {
  return {
    code: `LIMIT_${code}`,
    title: name,
    examine: ({ limits }, hosts) => {
      const value = limits[name];
      if (value === undefined) return ok('no limit');
      if (value >= needed(hosts)) return ok(String(value));
      return warning(`${value}; ${hosts} hosts may need ${needed(hosts)}. ${why}`, `sysctl ${name}=${needed(hosts)}`);
    },
  };
}

function ok(cause: string): Outcome {
  return { status: 'ok', cause };
}

function warning(cause: string, fix: string): Outcome {
  return { status: 'warning', cause, fix };
}

function fatal(cause: string, fix: string): Outcome {
  return { status: 'fatal', cause, fix };
}
