import type { MachineDescription } from './machine-description.ts';
import { PACKAGES } from './packages.ts';

export interface TrustedRegistry {
  /** `host:port` as image names have it. */
  readonly address: string;
  readonly authority: string;
}

/**
 * The Engine runs containers and stores images; networks are plugged in by ONEDock's own helper. So it makes no bridge
 * and no rules of its own: its default policy of dropping forwarded packets would cut VMs off.
 */
const DAEMON_CONFIG = {
  'storage-driver': 'overlay2',
  'live-restore': true,
  bridge: 'none',
  iptables: false,
  'ip-forward': false,
  'log-driver': 'json-file',
  'log-opts': { 'max-size': '10m', 'max-file': '3' },
};

/** What lies in its `bin` containerd finds before what the machine has (containerd, "Managed /opt directory"). */
export const CONTAINERD_PROGRAMS = '/usr/lib/onedock/containerd';

/** containerd serves the Engine alone: what it would load for Kubernetes and for other file systems is left out. */
const CONTAINERD_CONFIG = `version = 2
disabled_plugins = [
  "io.containerd.grpc.v1.cri",
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
]

[plugins."io.containerd.internal.v1.opt"]
  path = "${CONTAINERD_PROGRAMS}"
`;

/** Docker as hosts run it, trusting the sandbox's registries. Who enables which of its units is the role's business. */
export function dockerEngine(registries: readonly TrustedRegistry[]): MachineDescription {
  return {
    packages: PACKAGES.dockerEngine,
    directories: registries.map(({ address }) => ({ path: `/etc/docker/certs.d/${address}`, mode: 0o755 })),
    files: [
      {
        path: '/etc/docker/daemon.json',
        mode: 0o644,
        content: `${JSON.stringify(DAEMON_CONFIG, undefined, 2)}\n`,
        restarts: ['docker.service'],
      },
      {
        path: '/etc/containerd/config.toml',
        mode: 0o644,
        content: CONTAINERD_CONFIG,
        restarts: ['containerd.service'],
      },
      ...registries.map(({ address, authority }) => ({
        path: `/etc/docker/certs.d/${address}/ca.crt`,
        mode: 0o644,
        content: authority,
      })),
    ],
  };
}
