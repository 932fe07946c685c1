import { ONEADMIN } from './base.ts';
import { CONTAINERD_PROGRAMS, dockerEngine, type TrustedRegistry } from './docker-engine.ts';
import { linkAddressOf } from './link-address.ts';
import type { MachineDescription } from './machine-description.ts';
import { PACKAGES } from './packages.ts';
import { unitText } from './unit-text.ts';

export interface DockerHostSettings {
  readonly registries: readonly TrustedRegistry[];
  /** The drivers' programs for hosts, by file name: the helper that does what needs root, and what it starts. */
  readonly programs: ReadonlyMap<string, Buffer>;
  /** None where drivers make the bridges of networks. */
  readonly vmNetwork: VmNetworkPort | undefined;
}

/** How the host takes part in the network on which VMs live. */
export interface VmNetworkPort {
  readonly bridge: string;
  /** The NIC that becomes a port of the bridge. */
  readonly uplink: string;
  /** The host's own address there, with prefix length. */
  readonly address: string;
}

const PROGRAMS = '/usr/lib/onedock';
export const HELPER = `${PROGRAMS}/onedock-host-helper`;
const SHIM = `${PROGRAMS}/onedock-shim`;

/** Loop devices are numbered for the whole kernel, so that a machine may be given a high one. */
const LOOP_DEVICES = 256;

/**
 * A machine that runs VMs: Docker, the tools with which disks are made and mounted, the helper that oneadmin may call as
 * root, and if wanted the bridge into which VMs are plugged.
 */
export function dockerHost({ registries, programs, vmNetwork }: DockerHostSettings): MachineDescription {
  const engine = dockerEngine(registries);
  return {
    ...engine,
    packages: [...(engine.packages ?? []), ...PACKAGES.dockerHost],
    accounts: [{ ...ONEADMIN, shell: '/bin/bash', groups: ['docker'] }],
    directories: [
      ...(engine.directories ?? []),
      ...[PROGRAMS, CONTAINERD_PROGRAMS, `${CONTAINERD_PROGRAMS}/bin`].map((path) => ({ path, mode: 0o755 })),
      { path: '/etc/onedock', mode: 0o755 },
      { path: `${ONEADMIN.home}/datastores`, mode: 0o755, owner: ONEADMIN.name },
    ],
    files: [
      ...(engine.files ?? []),
      ...Array.from(programs, ([name, content]) => ({ path: `${PROGRAMS}/${name}`, mode: 0o755, content })),
      {
        path: '/etc/sudoers.d/onedock',
        mode: 0o440,
        content: `Defaults:${ONEADMIN.name} !requiretty\n${ONEADMIN.name} ALL=(root) NOPASSWD: ${HELPER}\n`,
      },
      ...(vmNetwork ? vmNetworkFiles(vmNetwork) : []),
      {
        path: '/etc/sysctl.d/60-onedock.conf',
        mode: 0o644,
        content: KERNEL_SETTINGS,
        restarts: ['systemd-sysctl.service'],
      },
      {
        path: '/etc/tmpfiles.d/onedock-loop.conf',
        mode: 0o644,
        content: loopNodes(),
        restarts: ['systemd-tmpfiles-setup-dev.service'],
      },
    ],
    // Hundreds of VMs at rest would else be hundreds of shims that are not (docs/decisions/0026).
    links: [{ path: `${CONTAINERD_PROGRAMS}/bin/containerd-shim-runc-v2`, target: SHIM }],
    units: [
      { name: 'containerd.service', wantedBy: 'multi-user.target' },
      { name: 'docker.service', wantedBy: 'multi-user.target' },
      ...(vmNetwork ? [{ name: VM_NETWORK_UNIT, wantedBy: 'multi-user.target' as const }] : []),
    ],
  };
}

export const VM_NETWORK_UNIT = 'onedock-vm-network.service';

/** Frames between VMs are no business of the host's packet filter, where the kernel would show them to it. */
const KERNEL_SETTINGS = `-net.bridge.bridge-nf-call-iptables = 0
-net.bridge.bridge-nf-call-ip6tables = 0
`;

function vmNetworkFiles(vmNetwork: VmNetworkPort) {
  return [
    { path: '/etc/onedock/vm-network.ip', mode: 0o644, content: vmNetworkCommands(vmNetwork) },
    { path: `/etc/systemd/system/${VM_NETWORK_UNIT}`, mode: 0o644, content: vmNetworkUnit(vmNetwork) },
  ];
}

/** For `ip -batch`. The bridge takes no time to forward: it has no spanning tree. */
function vmNetworkCommands({ bridge, uplink, address }: VmNetworkPort): string {
  return `link add ${bridge} address ${linkAddressOf(address)} type bridge forward_delay 0
link set ${uplink} master ${bridge} up
address add ${address} dev ${bridge}
link set ${bridge} up
`;
}

function vmNetworkUnit({ bridge }: VmNetworkPort): string {
  return unitText({
    Unit: {
      Description: `Bridge ${bridge}, into which VMs are plugged`,
      ConditionPathExists: `!/sys/class/net/${bridge}`,
      DefaultDependencies: 'no',
      Before: ['docker.service', 'network.target'],
    },
    Service: { Type: 'oneshot', RemainAfterExit: 'yes', ExecStart: '/sbin/ip -batch /etc/onedock/vm-network.ip' },
    Install: { WantedBy: 'multi-user.target' },
  });
}

/** For systemd-tmpfiles(8); 10:237 and 7:N are the kernel's fixed numbers (Documentation/admin-guide/devices.txt). */
function loopNodes(): string {
  const nodes = Array.from({ length: LOOP_DEVICES }, (_, i) => `b /dev/loop${i} 0660 root disk - 7:${i}`);
  return `${['c /dev/loop-control 0660 root disk - 10:237', ...nodes].join('\n')}\n`;
}
