/** `onedock host prepare`, `check` and `release` over SSH, on a machine that somebody else has set up. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureKeyPair } from '../../provision/secrets/ssh-keys.ts';
import type { Finding } from '../../src/errors/finding.ts';
import { type GivenMachines, ORDINARY_USER, startGivenMachines } from '../support/given-machines.ts';
import { makeOpennebulaRoot } from '../support/opennebula-root.ts';
import { registryMissing, startRegistry, type TestRegistry } from '../support/registry.ts';
import { whyNoLxc } from '../support/user-machine.ts';

const ONEDOCK = join(import.meta.dirname, '../../bin/onedock.mjs');
const missing = (await whyNoLxc()) ?? registryMissing();
if (missing) console.warn(`Skipped: ${missing}.`);

/**
 * All of a machine that a host may change. What the system itself keeps of earlier versions of files is left out; loop
 * devices are the kernel's, and those of other machines' files left out.
 */
const STATE = `
getent passwd; getent group; getent shadow
find /etc -xdev -name '*-' -prune -o -type f -exec sha256sum {} + | sort -k 2
find /etc -xdev -printf '%y %m %u:%g %l %p\\n' | sort -k 4
find /usr/lib/one* /usr/lib/onedock* /var/lib/one /var/lib/onedock /var/lib/docker-registry /run/onedock* -printf '%y %m %u %p\\n' 2>/dev/null
ip -brief link | cut -d ' ' -f 1 | sort
systemctl list-units --failed --no-legend; systemctl list-unit-files --state enabled --no-legend
nft list tables; docker image ls --all --quiet 2>/dev/null; losetup --list --noheadings --output BACK-MAJ:MIN,BACK-FILE | grep "^ *$(mountpoint -d /) "
:`;

describe.skipIf(missing)('onedock host', () => {
  const octet = 93;
  const address = `10.215.${octet}.10`;
  let given: GivenMachines;
  let registry: TestRegistry;
  let folder: string;
  let before: string;

  const onMachine = (script: string) => given.run(1, 'sh', '-c', script);
  const host = (verb: string, words: readonly string[], root = 'root') => {
    const [server] = given.servers;
    const login = ['--key', server?.keyFile ?? '', '--known-hosts', server?.knownHostsFile ?? '', '--root', root];
    return execa(process.execPath, [ONEDOCK, 'host', verb, ...words, ...login], { cwd: folder, reject: false });
  };
  const ok = async (verb: string, ...words: string[]) => {
    const { exitCode, stdout, stderr } = await host(verb, words);
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  };
  const check = async () => {
    const { exitCode, stdout } = await host('check', [address, '--json']);
    const { fit, hosts } = JSON.parse(stdout) as { fit: boolean; hosts: { findings: Finding[] }[] };
    const findings = hosts[0]?.findings ?? [];
    return { exitCode, fit, bad: findings.filter(({ status }) => status !== 'ok').map(({ code }) => code), findings };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onedock-host-'));
    given = await startGivenMachines(`v${randomBytes(4).toString('hex')}`, 1, octet);
    registry = await startRegistry({ address: `10.215.${octet}.1` });
    const root = join(folder, 'root');
    await makeOpennebulaRoot(root);
    const key = await ensureKeyPair(folder, 'oneadmin', 'oneadmin@front-end');
    await rm(join(root, '/var/lib/one/.ssh/id_rsa'));
    await writeFile(join(root, '/var/lib/one/.ssh/id_ed25519'), key.privateKey, { mode: 0o600 });
    await writeFile(join(root, '/var/lib/one/.ssh/id_ed25519.pub'), key.publicKey);
    const password = ['--registry-user', registry.user ?? '', '--registry-password-file', registry.passwordFile ?? ''];
    const own = [
      '--registry',
      registry.server,
      '--registry-capacity',
      '1000',
      '--registry-ca',
      registry.caFile,
      ...password,
    ];
    await execa(process.execPath, [ONEDOCK, 'install', '--yes', '--root', 'root', ...own], { cwd: folder });
    // Something of each kind that is to come back: a file in our place, an image, a unit that is started at boot.
    await onMachine(
      'mkdir -p /etc/containerd; echo "# mine" >/etc/containerd/config.toml; chmod 600 /etc/containerd/config.toml; systemctl enable --now --quiet docker.service',
    );
    before = await onMachine(STATE);
  });
  afterAll(async () => {
    await registry?.[Symbol.asyncDispose]();
    await given?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('tells of a machine that is not prepared what is missing, and changes nothing', async () => {
    const { exitCode, fit, bad } = await check();
    expect({ exitCode, fit, bad }).toEqual({
      exitCode: 3,
      fit: false,
      bad: ['HOST_PREPARED', 'HOST_LOGIN', 'HOST_SOCKET', 'HOST_HELPER', 'HOST_REGISTRY'],
    });
    const shown = await ok('prepare', `${ORDINARY_USER}@${address}`, '--dry-run');
    expect(shown).toContain('write /usr/lib/onedock/onedock-host-helper');
    expect(shown).toContain('add its key to /var/lib/one/.ssh/known_hosts');
    expect(await onMachine(STATE)).toBe(before);
  });

  it('asks, and does nothing where there is nobody to ask', async () => {
    expect(await host('prepare', [address])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('[CONFIRMATION_NEEDED]'),
    });
    expect(await onMachine(STATE)).toBe(before);
  });

  it('makes it a host that the front-end can use', async () => {
    const stdout = await ok('prepare', `${ORDINARY_USER}@${address}`, '--yes');
    expect(stdout).toContain(`onehost create ${address} --im onedock --vm onedock`);
    const { fit, bad, findings } = await check();
    expect({ fit, bad }).toEqual({ fit: true, bad: [] });
    expect(findings.find(({ code }) => code === 'HOST_LOGIN')?.cause).toBe('is let in');
    expect(await onMachine('docker info --format "{{.LiveRestoreEnabled}}"; cat /etc/docker/certs.d/*/ca.crt')).toBe(
      `true\n${(await readFile(registry.caFile, 'utf8')).trim()}\n`,
    );
  });

  it('finds nothing to do a second time', async () => {
    expect(JSON.parse(await ok('prepare', address, '--yes', '--json'))).toMatchObject({
      changed: false,
      hosts: [{ address, changes: [] }],
    });
  });

  it('mends what was changed since, as the check has said', async () => {
    await onMachine('rm /etc/sudoers.d/onedock; systemctl stop docker.service docker.socket');
    expect((await check()).bad).toEqual(['HOST_PREPARED', 'HOST_ENGINE', 'HOST_SOCKET', 'HOST_HELPER']);
    await ok('prepare', address, '--yes');
    expect((await check()).bad).toEqual([]);
  });

  it('is not taken from the front-end that has it', async () => {
    const other = ['--frontend', 'other.example.org'];
    const prepared = await host('prepare', [address, '--yes', ...other]);
    expect(prepared).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('[HOST_UNFIT]') });
    expect((await host('release', [address, '--yes', ...other])).stderr).toContain('[HOST_OF_ANOTHER]');
  });

  it('is not given back while it has VMs', async () => {
    await onMachine(
      `tar --create --directory / bin/busybox | docker import - shim >/dev/null && docker run --detach --network none --name one-7 shim /bin/busybox sleep 999
       /usr/lib/onedock/onedock-host-helper bridge-ensure br7`,
    );
    expect((await host('release', [address, '--yes'])).stderr).toContain('[HOST_HAS_VMS]');
    expect((await check()).bad).toEqual([]);
  });

  it('gives the machine back as it was', async () => {
    await ok('release', address, '--yes', '--force');
    expect(await onMachine(STATE)).toBe(before);
    expect(await readFile(join(folder, 'root/var/lib/one/.ssh/known_hosts'), 'utf8')).toBe('');
    expect(await ok('release', address, '--yes')).toContain('is no host that was prepared');
  });

  it.each([
    ['HOST_UNFIT', 'a Docker that somebody uses', 'echo "{}" >/etc/docker/daemon.json', 'rm /etc/docker/daemon.json'],
    ['HOST_UNFIT', 'an OpenNebula of its own', 'mkdir /var/lib/one/datastores', 'rmdir /var/lib/one/datastores'],
  ])('refuses by %s a machine with %s', async (code, _, spoil, mend) => {
    await onMachine(spoil);
    const { exitCode, stderr } = await host('prepare', [address, '--yes']);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining(`[${code}]`)]);
    await onMachine(mend);
    expect(await onMachine(STATE)).toBe(before);
  });

  it('refuses where nothing says whose host it is to be', async () => {
    expect((await host('prepare', [address, '--yes'], 'nowhere')).stderr).toContain('[FRONT_END_NOT_FOUND]');
    expect((await host('release', [address], 'nowhere')).stdout).toContain('is no host that was prepared');
  });
});
