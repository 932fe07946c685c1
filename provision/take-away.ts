/**
 * Takes a sandbox off a machine that somebody else has set up, and tells what is left. Debian's packages stay: whether
 * others use them by then is not known. Every step may find nothing, so all can be run again.
 */
import type { Transport } from '../src/transport/transport.ts';
import { ONEADMIN } from './base.ts';
import { CONSOLE_PATH_UNIT, CONSOLE_SERVICE_UNIT } from './console-units.ts';
import { withoutHostsBlock } from './host-name.ts';
import { VM_BRIDGE } from './role-content.ts';

/** Whatever lies there is ONEDock's: files and folders of every role. A last `*` stands for any ending. */
export const OWN_PATHS = [
  ...['/etc/one', '/var/lib/one', '/var/log/one'],
  ...['/usr/lib/one', '/usr/lib/onedock', '/usr/lib/onedock-node'],
  ...['/etc/docker/daemon.json', '/etc/docker/certs.d/registry:5000', '/etc/docker/certs.d/hub:5001'],
  ...[
    '/etc/containerd/config.toml',
    '/etc/docker/registry',
    '/var/lib/docker-registry',
    '/var/lib/docker-registry-hub',
  ],
  ...['/etc/ssh/onedock-host-cert.pub', '/etc/ssh/sshd_config.d/onedock.conf', '/etc/sudoers.d/onedock'],
  ...['/etc/sysctl.d/60-onedock.conf', '/etc/tmpfiles.d/onedock-loop.conf'],
  ...['/etc/systemd/system/onedock-*', '/etc/systemd/system/opennebula.service'],
  '/etc/systemd/system/docker-registry.service.d',
  // With the machine's label, so it goes last.
  '/etc/onedock',
] as const;

const OWN_UNITS = [
  CONSOLE_PATH_UNIT,
  CONSOLE_SERVICE_UNIT,
  'opennebula.service',
  'onedock-hub.service',
  'onedock-vm-network.service',
  'onedock-overlay.service',
];
/** Of packages that stay. They are not started at boot any more. */
const SERVED_UNITS = ['docker-registry.service', 'docker.service', 'docker.socket', 'containerd.service'];

const REMOVE = `
set -u
containers=$(docker ps --all --quiet 2>/dev/null)
[ -z "$containers" ] || docker rm --force $containers >/dev/null
docker image prune --all --force >/dev/null 2>&1
# What it would save is gone in a moment.
systemctl kill --signal=KILL ${OWN_UNITS.join(' ')} 2>/dev/null
systemctl disable --now --quiet ${[...OWN_UNITS, ...SERVED_UNITS].join(' ')} 2>/dev/null
findmnt --list --noheadings --output TARGET | grep '^${ONEADMIN.home}/' | sort -r | while read -r target; do umount -l "$target"; done
# By the file itself: machines that share a kernel see each other's loop devices, with paths that are the same.
find ${ONEADMIN.home}/datastores -type f -name 'disk.*' 2>/dev/null | while read -r file; do
  losetup --noheadings --output NAME --associated "$file" | while read -r device; do losetup --detach "$device" || kill $$; done
done
for link in $(ls /sys/class/net); do
  case $link in one-* | onedock-* | ${VM_BRIDGE}) ip link delete "$link" ;; esac
done
for command in /usr/bin/one*; do
  case $(readlink "$command") in /usr/lib/one/onedock/*) rm -f "$command" ;; esac
done
pkill -KILL -u ${ONEADMIN.name}
userdel ${ONEADMIN.name} 2>/dev/null
groupdel ${ONEADMIN.name} 2>/dev/null
rm -rf ${OWN_PATHS.join(' ')}
systemctl daemon-reload
systemctl reset-failed --quiet ${OWN_UNITS.join(' ')} 2>/dev/null
systemctl try-restart ssh.service 2>/dev/null || systemctl try-restart sshd.service
:
`;

const TIMEOUT_SECONDS = 300;

export async function takeAway(machine: Transport): Promise<void> {
  await machine.run(['sh', '-s'], { stdin: REMOVE, timeoutSeconds: TIMEOUT_SECONDS });
  const { stdout: hosts } = await machine.run(['cat', '/etc/hosts']);
  const rest = withoutHostsBlock(hosts);
  if (rest !== hosts) await machine.run(['dd', 'status=none', 'of=/etc/hosts'], { stdin: rest });
}

/** What is left, a kind and a name each. */
export async function findLeft(machine: Transport): Promise<readonly Left[]> {
  const { stdout } = await machine.run(['sh', '-s'], { stdin: LOOK });
  return Array.from(stdout.matchAll(/^(directory|link|mount|process) (.+)$/gm), ([, kind, name = '']) => ({
    kind: kind as Left['kind'],
    name,
  }));
}

export interface Left {
  readonly kind: 'directory' | 'link' | 'mount' | 'process';
  readonly name: string;
}

const LOOK = `
for path in ${OWN_PATHS.join(' ')}; do [ ! -e "$path" ] || echo "directory $path"; done
for link in $(ls /sys/class/net); do
  case $link in one-* | onedock-* | ${VM_BRIDGE}) echo "link $link" ;; esac
done
findmnt --list --noheadings --output TARGET | sed -n 's|^${ONEADMIN.home}/|mount &|p'
pgrep -u ${ONEADMIN.name} 2>/dev/null | sed 's/^/process /'
:
`;
