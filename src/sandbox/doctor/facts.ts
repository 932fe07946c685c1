/** What this machine is like, as far as a sandbox depends on it. Looking changes nothing: probes run in namespaces of their own. */
import { access, readFile, statfs } from 'node:fs/promises';
import { arch, freemem, release } from 'node:os';
import { join } from 'node:path';
import type { Transport } from '../../transport/transport.ts';
import { findMissingPackages, type NeededPackage } from './needed-packages.ts';
import { findEngineProgram, hasGo } from './stack-engine.ts';

export interface Facts {
  readonly isRoot: boolean;
  readonly architecture: string;
  readonly kernel: string;
  /** 0 when no control groups are mounted. */
  readonly cgroupVersion: 0 | 1 | 2;
  /** Kernel features by name, and whether they are there; undefined when only root can tell. */
  readonly features: Readonly<Record<Feature, boolean | undefined>>;
  /** Values of `sysctl`, without those that the kernel does not have. */
  readonly limits: Readonly<Partial<Record<Limit, number>>>;
  readonly freeDiskMb: number;
  readonly freeMemoryMb: number;
  readonly missingPackages: readonly NeededPackage[];
  /** Whether the firewall of this machine sees, and by default drops, what passes through bridges. */
  readonly dropsBridgedTraffic: boolean;
  /** Path of Pulumi's engine; `buildable` where there is none, but Go to build it with. */
  readonly stackEngine: string | 'buildable' | undefined;
}

const LIMITS = [
  'fs.inotify.max_user_instances',
  'kernel.keys.maxkeys',
  'kernel.pid_max',
  'net.ipv4.neigh.default.gc_thresh3',
] as const;
export type Limit = (typeof LIMITS)[number];

/** Each is tried in a network namespace of its own, which ends with the command. */
const NETWORK_PROBES = {
  bridge: ['ip', 'link', 'add', 'name', 'probe', 'type', 'bridge'],
  veth: ['ip', 'link', 'add', 'name', 'probe', 'type', 'veth', 'peer', 'name', 'probe2'],
  nftables: ['nft', 'add', 'table', 'inet', 'probe'],
} as const;

export type Feature = keyof typeof NETWORK_PROBES | 'overlay' | 'loop';

const STATE_FOLDER = '/var';
const CGROUP_V2 = 0x63677270;
const TMPFS = 0x01021994;

export async function gatherFacts(local: Transport): Promise<Facts> {
  const isRoot = process.getuid?.() === 0;
  const [cgroupVersion, features, limits, disk, memory, missingPackages, dropsBridgedTraffic, stackEngine] =
    await Promise.all([
      findCgroupVersion(),
      findFeatures(local, isRoot),
      readLimits(),
      statfs(STATE_FOLDER),
      availableMemoryMb(),
      findMissingPackages(),
      dropsBridged(local, isRoot),
      findStackEngine(),
    ]);
  return {
    isRoot,
    architecture: arch(),
    kernel: release(),
    cgroupVersion,
    features,
    limits,
    freeDiskMb: Math.floor((disk.bavail * disk.bsize) / 2 ** 20),
    freeMemoryMb: memory,
    missingPackages,
    dropsBridgedTraffic,
    stackEngine,
  };
}

/** By the file system at the place where systemd mounts them (statfs(2), magic numbers). */
async function findCgroupVersion(): Promise<Facts['cgroupVersion']> {
  const { type } = await statfs('/sys/fs/cgroup').catch(() => ({ type: 0 }));
  return type === CGROUP_V2 ? 2 : type === TMPFS ? 1 : 0;
}

async function findFeatures(local: Transport, isRoot: boolean): Promise<Facts['features']> {
  const tries = Object.entries(NETWORK_PROBES).map(async ([feature, argv]) => {
    return [feature, isRoot ? await succeeds(local, ['unshare', '--net', ...argv]) : undefined] as const;
  });
  const [overlay, loop, ...probed] = await Promise.all([hasOverlay(local), exists('/dev/loop-control'), ...tries]);
  return { overlay, loop, ...Object.fromEntries(probed) } as Facts['features'];
}

/** Listed once it is loaded; a module that is not yet loaded is, when it is first mounted. */
async function hasOverlay(local: Transport): Promise<boolean> {
  const listed = await readFile('/proc/filesystems', 'utf8').catch(() => '');
  return /^nodev\toverlay$/m.test(listed) || succeeds(local, ['modprobe', '--dry-run', '--quiet', 'overlay']);
}

async function readLimits(): Promise<Facts['limits']> {
  const entries = LIMITS.map(async (limit) => {
    const text = await readFile(join('/proc/sys', limit.replaceAll('.', '/')), 'utf8').catch(() => undefined);
    return text === undefined ? [] : [[limit, Number(text)] as const];
  });
  return Object.fromEntries((await Promise.all(entries)).flat());
}

/** What could be had without swapping; Node's own figure leaves caches out. */
async function availableMemoryMb(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const [, kilobytes] = /^MemAvailable:\s+(\d+) kB$/m.exec(text) ?? [];
  return Math.floor(kilobytes === undefined ? freemem() / 2 ** 20 : Number(kilobytes) / 1024);
}

/** Docker sets the policy of FORWARD to DROP, which counts for bridges where br_netfilter is loaded. */
async function dropsBridged(local: Transport, isRoot: boolean): Promise<boolean> {
  const calls = await readFile('/proc/sys/net/bridge/bridge-nf-call-iptables', 'utf8').catch(() => '0');
  if (!isRoot || calls.trim() !== '1') return false;
  const rules = await local.run(['iptables', '-S', 'FORWARD']).catch(() => undefined);
  return rules?.stdout.includes('-P FORWARD DROP') ?? false;
}

async function findStackEngine(): Promise<Facts['stackEngine']> {
  return (await findEngineProgram()) ?? ((await hasGo()) ? 'buildable' : undefined);
}

async function succeeds(local: Transport, argv: readonly string[]): Promise<boolean> {
  return local.run(argv, { timeoutSeconds: 10 }).then(
    () => true,
    () => false,
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
