/** Provisioning against the real programs: keys and certificates on this machine, a description on a machine that runs. */
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare } from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LxcTestbed } from '../../lxc/lxc-testbed.ts';
import { applyOverTransport } from '../../provision/apply-over-transport.ts';
import { base } from '../../provision/base.ts';
import { isNothing } from '../../provision/machine-changes.ts';
import { combine } from '../../provision/machine-description.ts';
import { registry } from '../../provision/registry.ts';
import { ensureSandboxSecrets, secretPaths } from '../../provision/secrets/sandbox-secrets.ts';
import { ensureHostIdentity } from '../../provision/secrets/ssh-keys.ts';
import { ensureServerCertificate } from '../../provision/secrets/tls.ts';
import { LocalTransport } from '../../src/transport/local.ts';
import { testbedSpecification } from '../support/testbed-specification.ts';
import { whyNoLxc } from '../support/user-machine.ts';

const local = new LocalTransport();

describe('secrets of a sandbox', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onedock-secrets-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are made once, also by two at the same time', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => ensureSandboxSecrets(folder, 'demo')));
    expect(one).toEqual(other);
    expect(await ensureSandboxSecrets(folder, 'demo')).toEqual(one);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('lie in folders that only their owner enters', async () => {
    const modes = await Promise.all(
      (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).mode & 0o777),
    );
    expect(new Set(modes)).toEqual(new Set([0o700]));
    const files = Object.values(secretPaths(folder));
    await Promise.all(files.map((file) => stat(file)));
  });

  it('have a line for the registry that its password opens', async () => {
    const { registry: login } = await ensureSandboxSecrets(folder, 'demo');
    const [user, hash = ''] = login.htpasswd.trim().split(':');
    expect(user).toBe('onedock');
    expect(await compare(login.password, hash)).toBe(true);
  });

  it('have a host certificate for all names of a machine', async () => {
    const { sshAuthority } = await ensureSandboxSecrets(folder, 'demo');
    const host = { name: 'host-1', principals: ['host-1', '10.0.0.11'] };
    await ensureHostIdentity(folder, host, sshAuthority);
    const file = join(folder, 'hosts/host-1@10.0.0.11/id_ed25519-cert.pub');
    const { stdout } = await local.run(['ssh-keygen', '-L', '-f', file]);
    expect(stdout).toMatch(/ssh-ed25519-cert-v01@openssh.com host certificate/);
    expect(stdout).toMatch(/Principals:\s+host-1\s+10\.0\.0\.11/);
  });

  it('have a certificate for the registry that its authority vouches for', async () => {
    const { tlsAuthority } = await ensureSandboxSecrets(folder, 'demo');
    const server = { name: 'registry', alternativeNames: ['DNS:registry', 'IP:10.0.0.2'] };
    const { certificate } = await ensureServerCertificate(folder, server, tlsAuthority);
    const [leaf, root] = [new X509Certificate(certificate), new X509Certificate(tlsAuthority.certificate)];
    expect(leaf.checkIssued(root) && leaf.verify(root.publicKey)).toBe(true);
    expect(leaf.checkHost('registry')).toBe('registry');
    expect(leaf.checkIP('10.0.0.2')).toBe('10.0.0.2');
    expect([leaf.ca, root.ca]).toEqual([false, true]);
  });
});

describe.skipIf((await whyNoLxc()) !== undefined)('applyOverTransport (needs LXC machines)', () => {
  const sandbox = `q${process.pid.toString(36)}`;
  const { networks, machine } = testbedSpecification(sandbox, 5);
  const testbed = new LxcTestbed();
  const place = testbed.transport(sandbox, 'host-1');
  const settings = { certificate: 'not used here', certificateKey: 'neither', htpasswd: '', hub: false };
  const wanted = combine(base(), registry(settings), {
    files: [
      { path: '/etc/one/a b', mode: 0o640, owner: 'oneadmin', content: 'text' },
      {
        path: '/etc/systemd/system/test.service',
        mode: 0o644,
        content: '[Service]\nExecStart=/bin/sleep inf\n[Install]\nWantedBy=multi-user.target\n',
        restarts: ['test.service'],
      },
    ],
    links: [{ path: '/etc/one/link', target: '/etc/one/a b' }],
    units: [{ name: 'test.service', wantedBy: 'multi-user.target' }],
    maskedUnits: ['fstrim.timer', 'docker-registry.service'],
  });
  const described = { ...wanted, units: wanted.units.filter(({ name }) => name === 'test.service') };

  beforeAll(async () => {
    await testbed.ensureNetworks(networks);
    await testbed.ensureMachine(machine('host-1'), () => {});
  });
  afterAll(() => testbed.removeSandbox(sandbox));

  it('makes a machine as described, and finds nothing to do the second time', async () => {
    const changes = await applyOverTransport(place, described);
    expect(changes.files.map(({ path }) => path)).toContain('/etc/one/a b');
    const { stdout } = await place.run(['stat', '-c', '%a %U %G', '/etc/one/a b', '/etc/docker/registry/server.key']);
    expect(stdout).toBe('640 oneadmin oneadmin\n600 docker-registry docker-registry\n');
    expect((await place.run(['systemctl', 'is-active', 'test.service'])).stdout.trim()).toBe('active');
    expect(isNothing(await applyOverTransport(place, described))).toBe(true);
  });

  it('mends what was changed since, and restarts what runs with it', async () => {
    const startedAt = async () =>
      (await place.run(['systemctl', 'show', '-p', 'ExecMainPID', 'test.service'])).stdout.trim();
    const before = await startedAt();
    await place.run(['sh', '-c', 'echo "#" >>/etc/systemd/system/test.service; chmod 777 "/etc/one/a b"']);
    const changes = await applyOverTransport(place, described);
    expect(changes.files.map(({ path }) => path)).toEqual(['/etc/one/a b', '/etc/systemd/system/test.service']);
    expect(changes.restartedUnits).toEqual(['test.service']);
    expect(await startedAt()).not.toBe(before);
  });

  it('adds an account that is missing, with its groups', async () => {
    const account = { name: 'guest', id: 4711, home: '/home/guest', shell: '/bin/sh', groups: ['docker'] };
    const { accounts } = await applyOverTransport(place, combine({ accounts: [account] }));
    expect(accounts).toEqual([account]);
    expect((await place.run(['id', 'guest'])).stdout.trim()).toBe(
      'uid=4711(guest) gid=4711(guest) groups=4711(guest),102(docker)',
    );
  });
});
