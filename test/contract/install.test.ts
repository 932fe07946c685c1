/** `onedock install` and `uninstall` on the file layout of OpenNebula's packages, in a directory. */
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/drivers/settings.ts';
import { describeTree, makeOpennebulaRoot } from '../support/opennebula-root.ts';

const ONEDOCK = join(import.meta.dirname, '../../bin/onedock.mjs');
const isRoot = process.getuid?.() === 0;

describe.skipIf(!isRoot)(`onedock install${isRoot ? '' : ' (skipped: files of several owners need root)'}`, () => {
  let directory: string;
  let root: string;
  let before: Record<string, string>;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'onedock-install-'));
    root = join(directory, 'root');
    await writeFile(join(directory, 'password'), 'secret\n');
    await writeFile(join(directory, 'ca.pem'), '-----BEGIN CERTIFICATE-----\n');
    await makeOpennebulaRoot(root);
    before = await describeTree(root);
  });
  afterEach(() => rm(directory, { recursive: true }));

  const CAPACITY = ['--registry-capacity', '1000'];
  const LOGIN = ['--registry-user', 'one', '--registry-password-file', 'password'];
  const GIVEN = ['--registry', 'registry:5000', ...CAPACITY, ...LOGIN];
  const run = (...words: string[]) =>
    execa(process.execPath, [ONEDOCK, ...words, '--root', 'root'], { cwd: directory, reject: false });
  const ok = async (...words: string[]) => {
    const { exitCode, stdout, stderr } = await run(...words);
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
    return { stdout, stderr };
  };
  const text = (path: string) => readFile(join(root, path), 'utf8');

  it('shows what it would do and does nothing with --dry-run', async () => {
    const { stdout } = await ok('install', '--dry-run');
    expect(stdout).toContain('+++ /etc/one/oned.conf');
    expect(stdout).toContain('fs_lvm_ssh,qcow2,ssh,local,ceph,dev,onedock"');
    expect(await describeTree(root)).toEqual(before);
  });

  it('places drivers, settings and secrets, and adds the drivers to the configuration, a copy of which stays', async () => {
    await ok('install', '--yes', ...GIVEN, '--registry-ca', 'ca.pem');
    expect(await text('/etc/one/oned.conf')).toContain(
      '\n# ONEDock: begin\nVM_MAD = [\n    NAME           = "onedock"',
    );
    expect(await text('/etc/one/oned.conf.before-onedock')).toBe(
      before['/etc/one/oned.conf']?.split(' ').slice(2).join(' '),
    );
    expect(parseSettings(await text('/etc/one/onedock.yaml'))).toMatchObject({
      registry: {
        server: 'registry:5000',
        user: 'one',
        passwordFile: '/etc/one/onedock-registry-password',
        capacityMb: 1000,
      },
      ssh: { keyFile: '/var/lib/one/.ssh/id_rsa' },
    });
    expect(await text('/etc/one/onedock-registry-password')).toBe('secret\n');
    const { mode, uid } = await stat(join(root, '/etc/one/onedock-registry-password'));
    expect([mode & 0o777, uid]).toEqual([0o600, 9869]);
    const clone = await stat(join(root, '/var/lib/one/remotes/tm/onedock/clone'));
    expect([clone.mode & 0o777, clone.uid]).toEqual([0o755, 9869]);
    const consoles = await stat(join(root, '/var/lib/one/consoles'));
    expect([consoles.mode & 0o777, consoles.uid]).toEqual([0o700, 9869]);
    expect(await text('/etc/systemd/system/onedock-console.path')).toContain('DirectoryNotEmpty=/var/lib/one/consoles');
    expect(await text('/usr/lib/one/onedock/console.js')).toContain('RFB 003.008');
    const oned = await stat(join(root, '/etc/one/oned.conf'));
    expect([oned.mode & 0o777, oned.gid]).toEqual([0o640, 9869]);
  });

  it('finds nothing to do a second time', async () => {
    await ok('install', '--yes', ...GIVEN);
    const installed = await describeTree(root);
    const { stdout } = await ok('install', '--yes', '--json', ...GIVEN);
    expect(JSON.parse(stdout)).toMatchObject({ changed: false, changes: [] });
    expect(await describeTree(root)).toEqual(installed);
  });

  it.each([
    ['a registry that is there', GIVEN],
    ['one of its own', []],
  ])('leaves nothing behind when it is taken out: with %s', async (_, registry) => {
    await ok('install', '--yes', ...registry);
    await ok('uninstall', '--yes');
    expect(await describeTree(root)).toEqual(before);
  });

  it('keeps what others have changed in the configuration since, and the copy of before', async () => {
    await ok('install', '--yes', ...GIVEN);
    const edited = (await text('/etc/one/oned.conf')).replace('PORT = 2633', 'PORT = 2634');
    await writeFile(join(root, '/etc/one/oned.conf'), edited);
    const { stdout } = await ok('uninstall', '--yes');
    expect(stdout).toContain('/etc/one/oned.conf was changed since the installation');
    const original = await text('/etc/one/oned.conf.before-onedock');
    expect(await text('/etc/one/oned.conf')).toBe(original.replace('PORT = 2633', 'PORT = 2634'));
  });

  it('makes a registry with a certificate, a password and its service, and names it in the settings', async () => {
    await ok('install', '--yes');
    const { registry } = parseSettings(await text('/etc/one/onedock.yaml'));
    expect(registry).toMatchObject({ server: 'cloud.example.org:5000', dataDirectory: '/var/lib/docker-registry' });
    expect(await text('/etc/docker/registry/config.yml')).toContain('"addr": ":5000"');
    expect(await text('/etc/docker/registry/htpasswd')).toMatch(/^onedock:\$2/);
    expect(await text('/etc/systemd/system/docker-registry.service.d/onedock.conf')).toContain('ExecStartPost');
  });

  it('keeps the images of that registry unless they are to be purged', async () => {
    await ok('install', '--yes');
    await writeFile(join(root, '/var/lib/docker-registry/blob'), 'an image');
    expect((await ok('uninstall', '--yes')).stdout).toContain('The images stay in /var/lib/docker-registry');
    expect(await text('/var/lib/docker-registry/blob')).toBe('an image');
    await ok('install', '--yes');
    await ok('uninstall', '--yes', '--purge');
    expect(await describeTree(root)).toEqual(before);
  });

  it('goes on with what an earlier run was cut short in', async () => {
    await ok('install', '--yes', ...GIVEN);
    const installed = await describeTree(root);
    await ok('uninstall', '--yes');
    // A folder where the last of the copies is to be written makes that fail, as a full disk would.
    const obstacle = join(root, '/etc/one/vmm_exec/vmm_execrc.before-onedock.onedock-draft/full');
    await mkdir(obstacle, { recursive: true });
    const { exitCode, stderr } = await run('install', '--yes', ...GIVEN);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[INSTALLATION_CUT_SHORT]')]);
    expect(await text('/etc/one/oned.conf')).toContain('# ONEDock: begin');
    await rm(join(obstacle, '..'), { recursive: true });
    await ok('install', '--yes', ...GIVEN);
    expect(await describeTree(root)).toEqual(installed);
    await ok('uninstall', '--yes');
    expect(await describeTree(root)).toEqual(before);
  });

  it('asks when nobody has agreed, and does nothing when there is nobody to ask', async () => {
    const { exitCode, stderr } = await run('install', ...GIVEN);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('[CONFIRMATION_NEEDED]')]);
    expect(await describeTree(root)).toEqual(before);
  });

  const edit = (path: string, change: (text: string) => string) => async () => {
    await writeFile(join(root, path), change(await text(path)));
  };
  const add = (path: string, content: string) => async () => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  const remove = (path: string) => () => rm(join(root, path), { recursive: true });

  it.each([
    ['OPENNEBULA_NOT_FOUND', 'no oned.conf', remove('/etc/one/oned.conf')],
    ['OPENNEBULA_NOT_FOUND', 'no account oneadmin', edit('/etc/passwd', () => 'root:x:0:0::/root:/bin/sh\n')],
    ['OPENNEBULA_TOO_OLD', 'an OpenNebula of before', edit('/var/lib/one/remotes/VERSION', () => '6.10.2')],
    ['ONED_CONF_SYNTAX', 'an oned.conf that is not whole', edit('/etc/one/oned.conf', (t) => `${t}A = [ B = 1\n`)],
    [
      'ONED_CONF_LACKS',
      'no transfer manager',
      edit('/etc/one/oned.conf', (t) => t.replace('TM_MAD =', 'OLD_TM_MAD =')),
    ],
    [
      'DRIVERS_FOREIGN',
      'an entry of another ONEDock',
      edit('/etc/one/oned.conf', (t) => `${t}VM_MAD = [ NAME = "onedock" ]\n`),
    ],
    ['DRIVERS_FOREIGN', 'drivers of another ONEDock', add('/var/lib/one/remotes/tm/onedock/clone', '#!/bin/bash\n')],
    ['MARKS_DAMAGED', 'a mark without its other', edit('/etc/one/monitord.conf', (t) => `${t}# ONEDock: begin\n`)],
    ['SSH_KEY_NOT_FOUND', 'no key of oneadmin', remove('/var/lib/one/.ssh/id_rsa')],
    [
      'PACKAGES_MISSING',
      'no skopeo',
      edit('/var/lib/dpkg/status', (t) => t.replace('Package: skopeo', 'Package: other')),
    ],
    ['REGISTRY_FOREIGN', 'a registry of somebody else', add('/etc/docker/registry/config.yml', 'version: 0.1\n')],
  ])('refuses by %s, and changes nothing: %s', async (code, _, spoil) => {
    await spoil();
    const spoiled = await describeTree(root);
    const { exitCode, stderr } = await run('install', '--yes');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`[${code}]`)]);
    expect(await describeTree(root)).toEqual(spoiled);
  });

  it.each([
    ['REGISTRY_OPTIONS', ['--registry-user', 'one']],
    ['REGISTRY_OPTIONS', ['--registry', 'registry:5000', '--registry-user', 'one']],
    ['REGISTRY_OPTIONS', ['--registry', 'https://registry:5000/v2']],
    ['REGISTRY_CAPACITY_MISSING', ['--registry', 'registry:5000']],
    ['REGISTRY_FILE_UNREADABLE', ['--registry', 'r:5000', ...CAPACITY, '--registry-ca', 'nowhere.pem']],
  ])('refuses by %s: %j', async (code, words) => {
    const { exitCode, stderr } = await run('install', '--yes', ...words);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`[${code}]`)]);
    expect(await describeTree(root)).toEqual(before);
  });

  it('refuses another registry than the settings name, which may have been edited', async () => {
    await ok('install', '--yes', ...GIVEN);
    const { stderr } = await run('install', '--yes', '--registry', 'other:5000', ...CAPACITY);
    expect(stderr).toContain('[SETTINGS_DIFFER]');
  });

  it('has nothing to take out where nothing is installed', async () => {
    expect((await ok('uninstall', '--yes')).stdout).toContain('The drivers are not installed');
  });
});
