/**
 * The container that a VM is. It keeps what its image asks for, user, directory, environment and command, behind a first
 * process of ours that waits for the network; it has the VM's limits, and as few rights as a machine can do with. Pure.
 */
import type { ContainerSpec, HostConfig, ImageConfig, Mount } from '../../docker/docker-types.ts';
import { SHIM } from '../../docker/engine-kinds.ts';
import { containerName, LABEL } from '../../hosts/vm-on-host.ts';
import { needsRoot, wantedDns, wantedHostname } from './context.ts';
import type { Allowances } from './docker-attributes.ts';
import { partsOf, wantedConfig } from './docker-section.ts';
import type { Capacity, Vm } from './vm.ts';

export interface ContainerLimits extends Allowances {
  readonly pidsLimit: number;
  /** Processors of the host: Docker refuses to promise more. */
  readonly processors: number;
  /** Without them there is nothing that holds a container to limits. */
  readonly hasControlGroups: boolean;
}

/**
 * @param image  name by digest, and its configuration
 * @throws DOCKER_ATTRIBUTE_WRONG
 */
export function containerSpec(
  vm: Vm,
  image: { readonly reference: string; readonly config: ImageConfig },
  limits: ContainerLimits,
): ContainerSpec {
  const { reference } = image;
  const part = partsOf(vm.docker, vm, limits);
  const { HostConfig: wanted = {}, User, WorkingDir, Env, Labels } = part;
  const config = wantedConfig(image.config, part);
  const command = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
  const lasting = !isBareShell(command);
  const hostname = hostnameOf(vm);
  const dns = resolverOf(vm);
  return {
    Image: reference,
    Hostname: hostname,
    Entrypoint: [`${SHIM}/busybox`, 'sh', `${SHIM}/init`],
    Cmd: ['boot', lasting ? 'once' : 'keep', ...command],
    // A bare shell minds no other signal; the first process passes on what it means.
    ...(lasting ? {} : { StopSignal: 'SIGTERM' }),
    ...(User === undefined ? {} : { User }),
    ...(WorkingDir === undefined ? {} : { WorkingDir }),
    ...(Env === undefined ? {} : { Env }),
    // A terminal, so that a console can be attached at any time.
    Tty: true,
    OpenStdin: true,
    Labels: { ...Labels, [LABEL.vm]: String(vm.id), [LABEL.image]: reference },
    HostConfig: {
      ...wanted,
      NetworkMode: 'none',
      // With cgroup v1 it would see those of the host, and after a live migration those of the engine.
      CgroupnsMode: 'private',
      // The kernel keeps from a first process the signals that it does not handle, so that SIGTERM would stop few images.
      Init: lasting && !isInit(command),
      ...(limits.hasControlGroups ? resourceLimits(vm, limits) : {}),
      Mounts: [...mounts(vm), ...(wanted.Mounts ?? [])],
      Dns: dns.servers,
      DnsSearch: dns.domains,
      ExtraHosts: [`${hostname}:${ownAddress(vm)}`],
      CapDrop: ['ALL'],
      CapAdd: capabilities(wanted),
      SecurityOpt: runsAsRoot(config) ? [] : ['no-new-privileges'],
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '1' } },
    },
  };
}

/** Name servers and domains, of its NICs and of its context. */
function resolverOf(vm: Vm): { readonly servers: readonly string[]; readonly domains: readonly string[] } {
  const { servers, domains } = wantedDns(vm.context);
  return {
    servers: unique([...vm.nics.flatMap((nic) => nic.dns), ...servers]),
    domains: unique([...vm.nics.flatMap((nic) => nic.searchDomains), ...domains]),
  };
}

/** The files in /etc of a container whose engine makes none, by their places on the host. */
export function networkFiles(vm: Vm): Record<string, string> {
  const { servers, domains } = resolverOf(vm);
  const search = domains.length > 0 ? [`search ${domains.join(' ')}`] : [];
  return {
    'shim/resolv.conf': lines([...servers.map((server) => `nameserver ${server}`), ...search]),
    'shim/hosts': lines([...USUAL_HOSTS, `${ownAddress(vm)}\t${hostnameOf(vm)}`]),
  };
}

/** As Docker writes them. */
const USUAL_HOSTS = [
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::\tip6-localnet',
  'ff00::\tip6-mcastprefix',
  'ff02::1\tip6-allnodes',
  'ff02::2\tip6-allrouters',
];

function hostnameOf(vm: Vm): string {
  return wantedHostname(vm.context) ?? containerName(vm.id);
}

/** What can be changed on a container that exists. */
export function resourceLimits(
  vm: Capacity,
  { pidsLimit, processors }: Pick<ContainerLimits, 'pidsLimit' | 'processors'>,
) {
  const memory = Math.max(vm.memoryMb, LEAST_MEMORY_MB) * 1024 * 1024;
  return {
    Memory: memory,
    // The same value means that there is no swap beside it.
    MemorySwap: memory,
    // As on OpenNebula's other hypervisors: CPU is a share when processors are short, VCPU how many the guest can use at all.
    NanoCpus: Math.round(Math.min(vm.vcpu ?? Math.ceil(vm.cpu), processors) * 1e9),
    CpuShares: Math.max(2, Math.round(vm.cpu * 1024)),
    PidsLimit: pidsLimit,
  } satisfies Partial<HostConfig>;
}

/** Whether the context has to be applied by somebody else than the first process, which has the image's user. */
export function needsHelpWithContext(vm: Vm, config: ImageConfig): boolean {
  return !runsAsRoot(config) && needsRoot(vm.context);
}

/** Docker refuses less. */
const LEAST_MEMORY_MB = 6;

/**
 * Docker's own set without MKNOD. NET_RAW stays: `ping` of busybox needs it, and a VM that takes another's address is
 * stopped by filters of its network, whatever it runs on.
 */
const CAPABILITIES = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

function capabilities({ CapAdd = [], CapDrop = [] }: Partial<HostConfig>): string[] {
  const usual = CapDrop.includes('ALL') ? [] : CAPABILITIES.filter((name) => !CapDrop.includes(name));
  return unique([...usual, ...CapAdd]);
}

const SHELLS = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh', 'fish', 'csh', 'tcsh']);

/** No command, or a shell without anything to do: it lasts only as long as somebody types. */
function isBareShell(command: readonly string[]): boolean {
  const [program = '', ...args] = command;
  if (program === '') return true;
  return SHELLS.has(program.split('/').at(-1) ?? '') && args.every((arg) => /^(-l|-i|-li|-il|--login)$/.test(arg));
}

const INITS = new Set(['init', 'systemd', 'runit-init', 's6-svscan', 'tini', 'dumb-init', 'docker-init', 'catatonit']);

/** The image brings a first process of its own, which may insist on being it. */
function isInit([program = '']: readonly string[]): boolean {
  return INITS.has(program.split('/').at(-1) ?? '');
}

/**
 * Rights above those of the image's user are for images that start as root: a machine has users who become root by sudo.
 * Where the image gives its only process a user without rights, there is nothing that needs them.
 */
function runsAsRoot({ User = '' }: ImageConfig): boolean {
  const [user = ''] = User.split(':');
  return user === '' || user === 'root' || /^0+$/.test(user);
}

function mounts(vm: Vm): Mount[] {
  const place = `/var/lib/onedock/vms/${vm.id}`;
  const bind = (Source: string, Target: string, Propagation: 'rprivate' | 'rslave'): Mount => ({
    Type: 'bind',
    Source,
    Target,
    ReadOnly: true,
    // Engines from 25 on would else make the disks that are mounted there read-only too.
    BindOptions: { Propagation, ReadOnlyNonRecursive: true },
  });
  const context = Object.keys(vm.context).length > 0 ? [bind(`${place}/context`, '/mnt', 'rprivate')] : [];
  return [bind(`${place}/shim`, SHIM, 'rprivate'), bind(`${place}/media`, '/media', 'rslave'), ...context];
}

function ownAddress(vm: Vm): string {
  const [address] = vm.nics.flatMap((nic) => nic.addresses);
  return address?.split('/')[0] ?? '127.0.1.1';
}

function lines(values: readonly string[]): string {
  return values.map((value) => `${value}\n`).join('');
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
