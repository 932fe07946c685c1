import { describe, expect, it } from 'vitest';
import { base } from '../../../provision/base.ts';
import { dockerHost } from '../../../provision/docker-host.ts';
import { frontEnd } from '../../../provision/front-end.ts';
import { combine, type MachineDescription } from '../../../provision/machine-description.ts';
import { registry } from '../../../provision/registry.ts';
import { sshServer } from '../../../provision/ssh-server.ts';
import { parseSettings } from '../../../src/drivers/settings.ts';

const host = combine(
  base(),
  dockerHost({
    registries: [{ address: 'registry:5000', authority: 'PEM' }],
    programs: new Map([['onedock-host-helper', Buffer.from('#!/bin/sh\n')]]),
    vmNetwork: { bridge: 'vmbr0', uplink: 'eth1', address: '10.1.0.11/24' },
  }),
);

const frontEndSettings = {
  oneadminPassword: 'secret-1',
  privateKey: 'KEY',
  publicKey: 'ssh-ed25519 AAAA',
  knownHosts: '@cert-authority * ssh-ed25519 BBBB\n',
  registry: { user: 'onedock', password: 'secret-2' },
  tlsAuthority: 'PEM',
};

describe('the settings of the drivers', () => {
  const settings = (patience?: number) => {
    const content = frontEnd({ ...frontEndSettings, hub: false, ...(patience === undefined ? {} : { patience }) });
    return parseSettings(textOf(combine(content), '/etc/one/onedock.yaml'), 'onedock.yaml').timeouts;
  };

  it('give hosts that are slow as many times longer', () => {
    const usual = settings();
    expect(settings(4)).toEqual({
      ...usual,
      commandSeconds: usual.commandSeconds * 4,
      connectSeconds: usual.connectSeconds * 4,
    });
  });
});

describe('a Docker host', () => {
  it('lets oneadmin use Docker and call the helper as root, and nothing else', () => {
    expect(host.accounts).toContainEqual(expect.objectContaining({ name: 'oneadmin', id: 9869, groups: ['docker'] }));
    expect(textOf(host, '/etc/sudoers.d/onedock')).toMatch(
      /^oneadmin ALL=\(root\) NOPASSWD: \/usr\/lib\/onedock\/onedock-host-helper$/m,
    );
  });

  it('has sudo read a file that only root can read', () => {
    expect(fileOf(host, '/etc/sudoers.d/onedock').mode).toBe(0o440);
  });

  it('has an Engine that keeps containers over its restart and leaves networks alone', () => {
    expect(JSON.parse(textOf(host, '/etc/docker/daemon.json'))).toMatchObject({
      'storage-driver': 'overlay2',
      'live-restore': true,
      bridge: 'none',
      iptables: false,
    });
  });

  it('trusts the registries of the sandbox', () => {
    expect(textOf(host, '/etc/docker/certs.d/registry:5000/ca.crt')).toBe('PEM');
  });

  it('makes its NIC a port of the bridge for VMs', () => {
    const commands = textOf(host, '/etc/onedock/vm-network.ip');
    expect(commands).toContain('link set eth1 master vmbr0 up');
    expect(commands).toContain('address add 10.1.0.11/24 dev vmbr0');
  });

  it('has nodes for loop devices', () => {
    const nodes = textOf(host, '/etc/tmpfiles.d/onedock-loop.conf');
    expect(nodes).toContain('c /dev/loop-control 0660 root disk - 10:237');
    expect(nodes).toContain('b /dev/loop255 0660 root disk - 7:255');
  });
});

describe('a front-end', () => {
  it('has settings that the drivers read', () => {
    const text = textOf(combine(frontEnd({ ...frontEndSettings, hub: true })), '/etc/one/onedock.yaml');
    const settings = parseSettings(text);
    expect(settings.registry).toMatchObject({ server: 'registry:5000', user: 'onedock' });
    expect(settings.hub.server).toBe('hub:5001');
    expect(text).not.toContain('secret');
  });

  it('asks Docker Hub where no other hub is wanted', () => {
    const text = textOf(combine(frontEnd({ ...frontEndSettings, hub: false })), '/etc/one/onedock.yaml');
    expect(parseSettings(text).hub.server).toBe('docker.io');
  });

  it('keeps every secret in a file that only oneadmin reads', () => {
    const { files } = combine(frontEnd({ ...frontEndSettings, hub: false }));
    const secret = files.filter(({ content }) => /secret|KEY/.test(String(content)));
    expect(secret).toHaveLength(3);
    for (const file of secret) expect(file).toMatchObject({ mode: 0o600, owner: 'oneadmin' });
  });
});

describe('a registry', () => {
  const settings = { certificate: 'CERT', certificateKey: 'KEY', htpasswd: 'onedock:$2b$04$x' };

  it('asks for a password, speaks TLS and deletes', () => {
    const config = JSON.parse(
      textOf(combine(registry({ ...settings, hub: false })), '/etc/docker/registry/config.yml'),
    );
    expect(config.auth.htpasswd.path).toBe('/etc/docker/registry/htpasswd');
    expect(config.http.tls.certificate).toBe('/etc/docker/registry/server.crt');
    expect(config.storage.delete.enabled).toBe(true);
  });

  it('has a second one without a password where a hub is wanted', () => {
    const withHub = combine(registry({ ...settings, hub: true }));
    expect(withHub.units.map(({ name }) => name)).toContain('onedock-hub.service');
    expect(JSON.parse(textOf(withHub, '/etc/docker/registry/hub.yml')).auth).toBeUndefined();
    const units = combine(registry({ ...settings, hub: false })).units.map(({ name }) => name);
    expect(units).not.toContain('onedock-hub.service');
  });

  it('has its garbage collected, and does not remember layers that the collector deletes', () => {
    const only = combine(registry({ ...settings, hub: false }));
    expect(only.units).toContainEqual({ name: 'onedock-registry-collect.timer', wantedBy: 'timers.target' });
    const service = textOf(only, '/etc/systemd/system/onedock-registry-collect.service');
    expect(service).toContain('ConditionPathExists=/var/lib/one/registry/garbage');
    // systemd takes one `$` of two, and one of its quotes away.
    expect(service).toContain('"[ -e \\"$$1\\" ] || exit 0; rm \\"$$1\\"; ');
    expect(JSON.parse(textOf(only, '/etc/docker/registry/config.yml')).storage.cache).toBeUndefined();
  });

  it('shows its key to nobody else', () => {
    const both = combine(registry({ ...settings, hub: false }));
    expect(fileOf(both, '/etc/docker/registry/server.key')).toMatchObject({ mode: 0o600, owner: 'docker-registry' });
  });
});

describe('an SSH server', () => {
  it('shows a certificate, takes keys and no passwords', () => {
    const keys = { hostKey: 'K', hostCertificate: 'C', rootKeys: ['r '], oneadminKeys: ['a', 'b\n'] };
    const server = combine(sshServer(keys));
    const config = textOf(server, '/etc/ssh/sshd_config.d/onedock.conf');
    expect(config).toContain('HostCertificate /etc/ssh/ssh_host_ed25519_key-cert.pub');
    expect(config).toContain('PasswordAuthentication no');
    expect(textOf(server, '/var/lib/one/.ssh/authorized_keys')).toBe('a\nb\n');
    expect(textOf(server, '/root/.ssh/authorized_keys')).toBe('r\n');
  });
});

function fileOf(description: MachineDescription, path: string) {
  const file = description.files?.find((each) => each.path === path);
  if (!file) throw new Error(`The description has no ${path}.`);
  return file;
}

function textOf(description: MachineDescription, path: string): string {
  return fileOf(description, path).content.toString();
}
