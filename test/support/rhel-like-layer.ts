/**
 * What makes a machine of ONEDock's base layer look like one of RHEL's kin to whoever sets it up: its os-release, dnf and
 * rpm instead of apt, busybox where RHEL has it, and a repository. The programs are Debian's; the repository's packages
 * stand in for those that bring them there, with what they provide and no files.
 */
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layersFolder } from '../../lxc/images.ts';
import { ensureLayer } from '../../lxc/layer-store.ts';
import { DEFAULT_PLACES } from '../../lxc/names.ts';
import { LocalTransport } from '../../src/transport/local.ts';

const TOOLS = ['dnf', 'rpm', 'createrepo-c'];
const INSTALL_TIMEOUT_SECONDS = 600;

/** Packages of RHEL 9, EPEL and Docker's repository, and what of theirs is asked for by its path. */
const STAND_INS: Readonly<Record<string, string>> = {
  'openssh-server': '',
  sudo: '',
  'ca-certificates': '',
  'curl-minimal': '/usr/bin/curl',
  iproute: '',
  iputils: '',
  'procps-ng': '',
  'docker-ce': '/usr/bin/dockerd',
  'docker-ce-cli': '/usr/bin/docker',
  busybox: '',
  dosfstools: '',
  e2fsprogs: '',
  nftables: '',
  'util-linux': '',
  xfsprogs: '',
};

const OS_RELEASE = `NAME="Rocky Linux"
VERSION_ID="9.4"
ID="rocky"
ID_LIKE="rhel centos fedora"
PLATFORM_ID="platform:el9"
`;

const REPOSITORY = '/srv/stand-ins';
const REPOSITORY_FILE = `[stand-ins]
name=Stand-ins
baseurl=file://${REPOSITORY}
gpgcheck=0
`;

/** @param base  the layers that it lies over, uppermost first */
export function ensureRhelLikeLayer(base: readonly string[]): Promise<string> {
  const inputs = [...base, TOOLS.join(), spec(), OS_RELEASE, REPOSITORY_FILE];
  return ensureLayer(layersFolder(DEFAULT_PLACES), {
    kind: 'rhel',
    inputs,
    build: (directory) => build(directory, base),
  });
}

async function build(directory: string, base: readonly string[]): Promise<void> {
  await using local = new LocalTransport();
  const [root, work] = [`${directory}.root.part`, `${directory}.work.part`];
  for (const each of [root, work]) await mkdir(each);
  const options = `lowerdir=${base.join(':')},upperdir=${directory},workdir=${work}`;
  await local.run(['mount', '-t', 'overlay', '-o', options, 'onedock-rhel', root]);
  try {
    await changeRoot(local, root);
  } finally {
    await local.run(['umount', root]);
    for (const each of [root, work]) await rm(each, { recursive: true });
  }
}

async function changeRoot(local: LocalTransport, root: string): Promise<void> {
  const inside = (...argv: string[]) =>
    local.run(['chroot', root, ...argv], {
      timeoutSeconds: INSTALL_TIMEOUT_SECONDS,
      env: { DEBIAN_FRONTEND: 'noninteractive', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    });
  const at = (path: string) => join(root, path);
  await copyFile('/etc/resolv.conf', at('/etc/resolv.conf'));
  await inside('apt-get', 'update', '--quiet');
  await inside('apt-get', 'install', '--quiet', '--yes', '--no-install-recommends', ...TOOLS);
  await inside('apt-get', 'clean');
  await writeFile(at('/tmp/stand-ins.spec'), spec());
  await inside('rpmbuild', '--quiet', '-bb', `--define=_rpmdir ${REPOSITORY}`, '/tmp/stand-ins.spec');
  await inside('createrepo_c', '--quiet', REPOSITORY);
  await mkdir(at('/etc/yum.repos.d'), { recursive: true });
  await writeFile(at('/etc/yum.repos.d/stand-ins.repo'), REPOSITORY_FILE);
  await rm(at('/etc/os-release'));
  await writeFile(at('/etc/os-release'), OS_RELEASE);
  await rename(at('/usr/bin/busybox'), at('/usr/sbin/busybox'));
  for (const path of ['/etc/resolv.conf', '/tmp/stand-ins.spec', '/usr/bin/apt-get', '/usr/bin/dpkg-query'])
    await rm(at(path));
}

/** One source of all of them. */
function spec(): string {
  const header = 'Version: 9\nRelease: 1\nSummary: Stands in\nLicense: Apache-2.0\nBuildArch: noarch\n';
  const packages = Object.entries(STAND_INS).map(
    ([name, provided]) =>
      `%package -n ${name}\nSummary: Stands in\n${provided && `Provides: ${provided}\n`}%description -n ${name}\nStands in.\n%files -n ${name}\n`,
  );
  return `Name: stand-ins\n${header}%description\nStands in.\n${packages.join('')}`;
}
