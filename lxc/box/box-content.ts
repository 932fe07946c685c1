/** What a Vagrant box has over the base layer: Vagrant's user, an SSH server with a key of its own, and a way to the network. */
import { type CompleteDescription, combine } from '../../provision/machine-description.ts';
import { unitText } from '../../provision/unit-text.ts';

const USER = { name: 'vagrant', id: 1000, home: '/home/vagrant' } as const;

/** Known to everybody; Vagrant puts a key of its own in its place when a machine starts first (hashicorp/vagrant, keys/vagrant.pub). */
const FIRST_KEY =
  'ssh-rsa AAAAB3NzaC1yc2EAAAABIwAAAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYe7gHzIw+niNltGEFHzD8+v1I2YJ6oXevct1YeS0o9HZyN1Q9qgCgzUFtdOKLv6IedplqoPkcmF0aYet2PkEDo3MlTBckFXPITAMzF8dJSIFo9D8HfdOV0IAdx4O7PtixWKn5y2hMNG0zQPyUecp4pzC6kivAIhyfHilFR61RGL+GPXQ2MWZWFYbAGjyiYJnAmCP3NOTd0jMZEnDkbUvxhMmBYSdETk1rRgm+R4LOzFUGaHqHDLKLX+FIPKcF96hrucXzcWyLbIbEgE98OHlnVYCzRdK8jlqm8tehUc9c9WhQ== vagrant insecure public key\n';

const FIRST_START_UNIT = 'onedock-first-start.service';

/** @param resolvConf  the name servers that machines of the box ask */
export function boxContent(resolvConf: string): CompleteDescription {
  return combine({
    accounts: [{ ...USER, shell: '/bin/bash', groups: [] }],
    directories: [
      { path: USER.home, mode: 0o755, owner: USER.name },
      { path: `${USER.home}/.ssh`, mode: 0o700, owner: USER.name },
    ],
    files: [
      { path: `${USER.home}/.ssh/authorized_keys`, mode: 0o600, owner: USER.name, content: FIRST_KEY },
      { path: '/etc/sudoers.d/vagrant', mode: 0o440, content: `${USER.name} ALL=(ALL) NOPASSWD: ALL\n` },
      // Each machine gets its own: systemd fills in an empty one.
      { path: '/etc/machine-id', mode: 0o444, content: '' },
      { path: '/etc/hosts', mode: 0o644, content: '127.0.0.1 localhost\n::1 localhost ip6-localhost\n' },
      { path: '/etc/resolv.conf', mode: 0o644, content: resolvConf },
      { path: `/etc/systemd/system/${FIRST_START_UNIT}`, mode: 0o644, content: FIRST_START },
      { path: '/etc/systemd/network/eth0.network', mode: 0o644, content: BY_DHCP },
      {
        path: '/etc/systemd/system/systemd-networkd.service.d/in-lxc.conf',
        mode: 0o644,
        content: IN_LXC,
      },
    ],
    units: [
      { name: FIRST_START_UNIT, wantedBy: 'multi-user.target' },
      { name: 'ssh.service', wantedBy: 'multi-user.target' },
      { name: 'systemd-networkd.service', wantedBy: 'multi-user.target' },
    ],
  });
}

/** A machine has a key of its own, and knows its name: sudo looks for it, and waits where no name server answers. */
const FIRST_START = unitText({
  Unit: {
    Description: 'Keys and name of this machine',
    ConditionPathExists: '!/etc/ssh/ssh_host_ed25519_key',
    Before: 'ssh.service',
  },
  Service: {
    Type: 'oneshot',
    ExecStart: [`/bin/sh -c 'echo "127.0.1.1 $$(uname -n)" >>/etc/hosts'`, '/usr/bin/ssh-keygen -A'],
  },
});

const BY_DHCP = '[Match]\nName=eth0\n\n[Network]\nDHCP=ipv4\n';

/**
 * An address that LXC has given stays. A file system /sys that can be written means to systemd-networkd that udev tells of
 * links, which in a machine of LXC nobody does (systemd 252, udev-util.c, `udev_available`).
 */
const IN_LXC = unitText({
  Service: {
    ExecCondition: `/bin/sh -c 'test -z "$$(ip -4 address show dev eth0 scope global)"'`,
    ReadOnlyPaths: '/sys',
  },
});
