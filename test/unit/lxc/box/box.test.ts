import { describe, expect, it } from 'vitest';
import { boxConfig } from '../../../../lxc/box/box.ts';
import { boxContent } from '../../../../lxc/box/box-content.ts';

describe('a box', () => {
  const { files, accounts, units } = boxContent('nameserver 192.0.2.53\n');
  const textOf = (path: string) => String(files.find((file) => file.path === path)?.content);

  it('lets Vagrant in as it expects: user, first key, and sudo without a password', () => {
    expect(accounts).toMatchObject([{ name: 'vagrant', home: '/home/vagrant' }]);
    expect(textOf('/home/vagrant/.ssh/authorized_keys')).toMatch(/^ssh-rsa \S+ vagrant insecure public key\n$/);
    expect(textOf('/etc/sudoers.d/vagrant')).toContain('NOPASSWD: ALL');
  });

  it('has nothing that two machines of it would have in common', () => {
    expect(files.map(({ path }) => path).filter((path) => path.startsWith('/etc/ssh/'))).toEqual([]);
    expect(textOf('/etc/machine-id')).toBe('');
    expect(units.map(({ name }) => name)).toContain('onedock-first-start.service');
  });

  it('asks for an address by DHCP only where LXC has given none', () => {
    const condition = textOf('/etc/systemd/system/systemd-networkd.service.d/in-lxc.conf');
    // systemd takes `$$` for a dollar.
    expect(condition).toContain(`ExecCondition=/bin/sh -c 'test -z "$$(ip -4 address show dev eth0 scope global)"'`);
  });

  it('is configured for LXC as every machine is, with a NIC on LXC’s own bridge', () => {
    const lines = boxConfig().split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'lxc.net.0.link = lxcbr0',
        'lxc.apparmor.profile = unconfined',
        'lxc.cgroup2.devices.allow = a',
      ]),
    );
  });
});
