/**
 * Gives back a machine that somebody else has set up as it was, and tells what is left. Debian's packages stay: whether
 * others use them by then is not known. Every step may find nothing, so all can be run again.
 */
import type { Transport } from '../src/transport/transport.ts';
import { ONEADMIN } from './base.ts';
import { BEFORE_FOLDER, KEPT, LIST_PACKAGES } from './before.ts';
import { withoutHostsBlock } from './host-name.ts';
import { OWN_UNITS, ownPaths, SERVED_UNITS } from './own-places.ts';
import { VM_BRIDGE } from './role-content.ts';

/** Devices of ours by their names; bridges that drivers have made by their alias. */
const EACH_OWN_LINK = `for link in $(ls /sys/class/net); do
  case $link:$(cat "/sys/class/net/$link/ifalias" 2>/dev/null) in one-* | onedock-* | ${VM_BRIDGE}:* | *:onedock)`;

/** Where VMs have mounts. */
const MOUNTS = `^(${ONEADMIN.home}|/var/lib/onedock/vms)/`;

const remove = (paths: readonly string[]) => `
set -u
export LC_ALL=C
containers=$(docker ps --all --quiet 2>/dev/null)
[ -z "$containers" ] || docker rm --force $containers >/dev/null
if [ -e ${KEPT.images} ]; then
  images=$(docker image ls --all --quiet --no-trunc 2>/dev/null | sort -u | comm -13 ${KEPT.images} -)
  [ -z "$images" ] || docker image rm --force $images >/dev/null 2>&1
else
  docker image prune --all --force >/dev/null 2>&1
fi
# What it would save is gone in a moment.
systemctl kill --signal=KILL ${OWN_UNITS.join(' ')} 2>/dev/null
systemctl disable --now --quiet ${OWN_UNITS.join(' ')} 2>/dev/null
systemctl stop ${SERVED_UNITS.join(' ')} 2>/dev/null
for unit in ${SERVED_UNITS.join(' ')}; do
  grep -qx "$unit" ${KEPT.units} 2>/dev/null || [ "$(systemctl is-enabled "$unit" 2>/dev/null)" != enabled ] || systemctl disable --quiet "$unit"
done
findmnt --list --noheadings --output TARGET | grep -E '${MOUNTS}' | sort -r | while read -r target; do umount -l "$target"; done
# By the file itself: machines that share a kernel see each other's loop devices, with paths that are the same.
find ${ONEADMIN.home}/datastores -type f -name 'disk.*' 2>/dev/null | while read -r file; do
  losetup --noheadings --output NAME --associated "$file" | while read -r device; do losetup --detach "$device" || kill $$; done
done
${EACH_OWN_LINK} ip link delete "$link" ;; esac
done
nft delete table bridge onedock 2>/dev/null
# OpenNebula's own packages are of no use without what goes.
if [ -e ${KEPT.packages} ]; then
  packages=$(${LIST_PACKAGES} | comm -13 ${KEPT.packages} - | grep -E '^(ruby-)?opennebula')
  [ -z "$packages" ] || DEBIAN_FRONTEND=noninteractive apt-get purge --quiet --yes $packages >/dev/null
fi
for command in /usr/bin/one*; do
  case $(readlink "$command") in /usr/lib/one/onedock/*) rm -f "$command" ;; esac
done
pkill -KILL -u ${ONEADMIN.name}
if [ ! -e ${BEFORE_FOLDER} ] || [ ! -e ${KEPT.groups} ]; then
  userdel ${ONEADMIN.name} 2>/dev/null
  groupdel ${ONEADMIN.name} 2>/dev/null
else
  grep -qw docker ${KEPT.groups} || gpasswd --delete ${ONEADMIN.name} docker >/dev/null 2>&1
fi
rm -rf ${paths.slice(0, -1).join(' ')} /run/onedock-*
rmdir /var/lib/onedock /etc/docker/certs.d 2>/dev/null
[ ! -e ${KEPT.files} ] || tar --extract --absolute-names --numeric-owner --file ${KEPT.files}
systemctl daemon-reload
if [ -s ${KEPT.units} ]; then systemctl start $(cat ${KEPT.units}) 2>/dev/null; fi
rm -rf ${paths.at(-1)}
systemctl reset-failed --quiet ${OWN_UNITS.join(' ')} 2>/dev/null
systemctl try-restart ssh.service 2>/dev/null || systemctl try-restart sshd.service
:
`;

const TIMEOUT_SECONDS = 300;

/** @param registry  see `ownPaths` */
export async function takeAway(machine: Transport, registry?: string): Promise<void> {
  await machine.run(['sh', '-s'], { stdin: remove(ownPaths(registry)), timeoutSeconds: TIMEOUT_SECONDS });
  const { stdout: hosts } = await machine.run(['cat', '/etc/hosts']);
  const rest = withoutHostsBlock(hosts);
  if (rest !== hosts) await machine.run(['dd', 'status=none', 'of=/etc/hosts'], { stdin: rest });
}

/**
 * What is left, a kind and a name each.
 * @param before  places at which something was before, from `findPlacesBefore`
 * @param registry  see `ownPaths`
 */
export async function findLeft(
  machine: Transport,
  before: ReadonlySet<string> = new Set(),
  registry?: string,
): Promise<readonly Left[]> {
  const { stdout } = await machine.run(['sh', '-s'], { stdin: look(ownPaths(registry)) });
  const found = Array.from(stdout.matchAll(/^(directory|link|mount|process) (.+)$/gm), ([, kind, name = '']) => ({
    kind: kind as Left['kind'],
    name,
  }));
  return found.filter(({ kind, name }) => kind !== 'directory' || !before.has(name));
}

/** Those of our places at which something lay before the machine was made one of ours. To be asked before `takeAway`. */
export async function findPlacesBefore(machine: Transport): Promise<ReadonlySet<string>> {
  const list = `[ ! -e ${KEPT.files} ] || tar --list --absolute-names --file ${KEPT.files}`;
  const { stdout } = await machine.run(['sh', '-s'], { stdin: list });
  return new Set(stdout.split('\n').map((line) => line.replace(/\/$/, '')));
}

export interface Left {
  readonly kind: 'directory' | 'link' | 'mount' | 'process';
  readonly name: string;
}

const look = (paths: readonly string[]) => `
for path in ${paths.join(' ')}; do [ ! -e "$path" ] || echo "directory $path"; done
${EACH_OWN_LINK} echo "link $link" ;; esac
done
findmnt --list --noheadings --output TARGET | sed -nE 's#${MOUNTS}#mount &#p'
pgrep -u ${ONEADMIN.name} 2>/dev/null | sed 's/^/process /'
:
`;
