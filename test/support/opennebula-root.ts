/** The files of a front-end as OpenNebula's packages leave them (install.sh, 7.4), as far as an installation meets them. */
import { chmod, chown, lstat, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PACKAGES } from '../../provision/packages.ts';
import { MONITORD_CONF, ONED_CONF, VMM_EXECRC } from './oned-conf.ts';

/** As the packages have it. */
const ONEADMIN = 9869;

const SCRIPT = '#!/bin/bash\nexit 0\n';

const STOCK_SCRIPTS = [
  ...['stat', 'cp', 'mkfs', 'clone', 'rm', 'monitor', 'export'].map((name) => `datastore/fs/${name}`),
  ...['clone', 'ln', 'mv', 'mvds', 'delete', 'context', 'mkimage'].map((name) => `tm/local/${name}`),
  ...['deploy', 'cancel', 'shutdown', 'attach_disk'].map((name) => `vmm/kvm/${name}`),
  ...['pre', 'post', 'clean', 'vnet_create'].map((name) => `vnm/bridge/${name}`),
  'im/kvm.d/monitord-client_control.sh',
  'im/run_monitord_client',
  'im/stop_monitord_client',
  'scripts_common.sh',
];

export interface RootOptions {
  /** Names of Debian packages that are not installed. */
  readonly without?: readonly string[];
  readonly version?: string;
}

/** What the packages hold themselves. */
export async function writePackageFiles(root: string, version = '7.4.0'): Promise<void> {
  const { file, own } = writersInto(root);
  await file('/etc/one/oned.conf', ONED_CONF, 0o640);
  await file('/etc/one/monitord.conf', MONITORD_CONF, 0o640);
  await file('/etc/one/vmm_exec/vmm_execrc', VMM_EXECRC, 0o640);
  for (const name of ['one_vmm_exec', 'one_tm', 'one_datastore', 'one_im_sh'])
    await file(`/usr/lib/one/mads/${name}`, SCRIPT, 0o755, 0);
  for (const name of STOCK_SCRIPTS) await own(`/var/lib/one/remotes/${name}`, SCRIPT, 0o755);
  await own('/var/lib/one/remotes/VERSION', version, 0o644);
}

function writersInto(root: string) {
  const file = async (path: string, content: string, mode = 0o644, owner = ONEADMIN) => {
    const place = join(root, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, content);
    await chmod(place, mode);
    await chown(place, 0, owner);
  };
  const own = async (path: string, content: string, mode: number) => {
    await file(path, content, mode);
    await chown(join(root, path), ONEADMIN, ONEADMIN);
  };
  return { file, own };
}

export async function makeOpennebulaRoot(root: string, { without = [], version = '7.4.0' }: RootOptions = {}) {
  const { file, own } = writersInto(root);
  await writePackageFiles(root, version);
  await file('/etc/hostname', 'cloud.example.org\n', 0o644, 0);
  await file(
    '/etc/passwd',
    `root:x:0:0:root:/root:/bin/bash\ndocker-registry:x:997:997::/:/bin/false\noneadmin:x:${ONEADMIN}:${ONEADMIN}::/var/lib/one:/bin/bash\n`,
    0o644,
    0,
  );
  await file('/var/lib/dpkg/status', dpkgStatus(without), 0o644, 0);
  await mkdir(join(root, '/etc/systemd/system'), { recursive: true });
  await own('/var/lib/one/.ssh/id_rsa', 'a private key\n', 0o600);
}

function dpkgStatus(without: readonly string[]): string {
  const names = [...PACKAGES.frontEnd, ...PACKAGES.registry].filter((name) => !without.includes(name));
  return names.map((name) => `Package: ${name}\nStatus: install ok installed\nVersion: 1\n`).join('\n');
}

/** Every file, folder and link below a directory, with owner, mode and content. */
export async function describeTree(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const described = await Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const { mode, uid, gid } = await lstat(path);
      const content = entry.isFile()
        ? await readFile(path, 'latin1')
        : entry.isSymbolicLink()
          ? await readlink(path)
          : '';
      return [path.slice(root.length), `${mode.toString(8)} ${uid}:${gid} ${content}`] as const;
    }),
  );
  return Object.fromEntries(described.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
