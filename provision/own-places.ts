/** What is ONEDock's on a machine that somebody else has set up. */
import { CONSOLE_PATH_UNIT, CONSOLE_SERVICE_UNIT } from './console-units.ts';
import { NAMES_SERVICE_UNIT, NAMES_SOCKET_UNIT } from './names-units.ts';
import { REPOSITORY_PATHS } from './opennebula-repository.ts';
import { COLLECTOR_SERVICE, COLLECTOR_TIMER } from './registry-collector.ts';

/**
 * Whatever lies there is ONEDock's: files and folders of every role. A last `*` stands for any ending. What lay at one of
 * them before is kept, and comes back.
 */
export const OWN_PATHS = [
  ...['/etc/one', '/var/lib/one', '/var/log/one'],
  ...['/usr/lib/one', '/usr/lib/onedock', '/usr/lib/onedock-node', '/var/lib/onedock/vms'],
  ...['/etc/docker/daemon.json', '/etc/docker/certs.d/registry:5000', '/etc/docker/certs.d/hub:5001'],
  '/etc/containerd/config.toml',
  ...['/etc/docker/registry', '/var/lib/docker-registry', '/var/lib/docker-registry-hub'],
  ...['/etc/ssh/onedock-host-cert.pub', '/etc/ssh/sshd_config.d/onedock.conf', '/etc/sudoers.d/onedock'],
  ...['/etc/sysctl.d/60-onedock.conf', '/etc/tmpfiles.d/onedock-loop.conf'],
  ...['/etc/systemd/system/onedock-*', '/etc/systemd/system/opennebula.service'],
  '/etc/systemd/system/docker-registry.service.d',
  ...REPOSITORY_PATHS,
  // With the machine's label, so it goes last.
  '/etc/onedock',
] as const;

/** @param registry  of the cloud that the machine belongs to, where it is not a sandbox's: `host:port` */
export function ownPaths(registry?: string): readonly string[] {
  return registry === undefined ? OWN_PATHS : [`/etc/docker/certs.d/${registry}`, ...OWN_PATHS];
}

export const OWN_UNITS = [
  CONSOLE_PATH_UNIT,
  CONSOLE_SERVICE_UNIT,
  NAMES_SOCKET_UNIT,
  NAMES_SERVICE_UNIT,
  'opennebula.service',
  'onedock-hub.service',
  COLLECTOR_TIMER,
  COLLECTOR_SERVICE,
  'onedock-vm-network.service',
  'onedock-overlay.service',
];

/** Of packages that stay. They are not started at boot any more, unless they were before. */
export const SERVED_UNITS = ['docker-registry.service', 'docker.service', 'docker.socket', 'containerd.service'];
