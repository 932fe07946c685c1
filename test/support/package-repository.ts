/**
 * A Debian package repository with stand-ins for OpenNebula's packages: the same names, files and places, a signature,
 * and an `oned` that is the front-end which comes with ONEDock. So all that brings OpenNebula to a machine is executed.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { execa } from 'execa';
import { writePackageFiles } from './opennebula-root.ts';

export const PACKAGED_VERSION = '7.4.0-1';

/** Why none can be built here; undefined when it can. */
export function whyNoPackages(): string | undefined {
  const missing = ['dpkg-deb', 'dpkg-scanpackages', 'gpg'].filter((program) => !existsSync(`/usr/bin/${program}`));
  return missing.length === 0 ? undefined : `${missing.join(', ')} missing: apt install dpkg-dev gnupg`;
}

export interface PackageRepository extends AsyncDisposable {
  /** Of its web server, which listens at every address of this machine. */
  readonly port: number;
  readonly directory: string;
  /** The public key that signs it. */
  readonly keyFile: string;
}

export async function startPackageRepository(): Promise<PackageRepository> {
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'onedock-packages-'));
  made.defer(() => rm(folder, { recursive: true }));
  const directory = join(folder, 'repository');
  const packages = join(directory, 'dists/stable/opennebula', `binary-${await architecture()}`);
  await mkdir(packages, { recursive: true });
  await mkdir(join(directory, 'pool'));
  for (const each of PACKAGES) await buildPackage(each, join(folder, each.name), join(directory, 'pool'));
  const { stdout } = await execa('dpkg-scanpackages', ['--multiversion', 'pool'], { cwd: directory });
  await writeFile(join(packages, 'Packages'), `${stdout}\n`);
  const keyFile = await sign(folder, join(directory, 'dists/stable'), packages);
  const port = await serve(directory, made);
  const all = made.move();
  return { port, directory, keyFile, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

interface StandIn {
  readonly name: string;
  readonly depends?: string;
  readonly files: Readonly<Record<string, string>>;
  /** Whether it has OpenNebula's configuration and drivers. */
  readonly isServer?: boolean;
}

const SERVICE = (description: string, program: string) =>
  `[Unit]\nDescription=${description}\nAfter=network.target\n\n[Service]\nUser=oneadmin\nGroup=oneadmin\nExecStart=${program}\nRestart=on-failure\n\n[Install]\nWantedBy=multi-user.target\n`;

/** OneFlow is left out, as somebody's mirror may. */
const PACKAGES: readonly StandIn[] = [
  {
    name: 'opennebula',
    depends: 'opennebula-tools',
    isServer: true,
    files: {
      '/lib/systemd/system/opennebula.service': SERVICE('OpenNebula Cloud Controller Daemon', '/usr/bin/oned -f'),
      '/usr/bin/oned':
        '#!/bin/sh\nexec /usr/lib/onedock-node/bin/node /usr/lib/one/onedock/frontend.js --config /etc/one/oned.conf\n',
    },
  },
  { name: 'opennebula-tools', files: { '/usr/bin/onevm': '#!/bin/sh\necho "stand-in of opennebula-tools"\n' } },
  ...['fireedge', 'gate'].map((name) => ({
    name: `opennebula-${name}`,
    files: { [`/lib/systemd/system/opennebula-${name}.service`]: SERVICE(`OpenNebula ${name}`, '/bin/sleep infinity') },
  })),
];

/** As those of the packages: files are oneadmin's, and oned makes a password unless there is one. */
const POSTINST = `#!/bin/sh
set -e
getent passwd oneadmin >/dev/null || useradd --system --home-dir /var/lib/one --shell /bin/bash oneadmin
chown -R oneadmin:oneadmin /var/lib/one/remotes
chgrp oneadmin /etc/one/oned.conf /etc/one/monitord.conf /etc/one/vmm_exec/vmm_execrc
systemctl daemon-reload
`;

async function buildPackage({ name, depends, files, isServer }: StandIn, root: string, pool: string): Promise<void> {
  const write = async (path: string, content: string, mode: number) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
    await chmod(join(root, path), mode);
  };
  if (isServer) await writePackageFiles(root);
  for (const [path, content] of Object.entries(files))
    await write(path, content, path.startsWith('/usr') ? 0o755 : 0o644);
  const control = [
    `Package: ${name}`,
    `Version: ${PACKAGED_VERSION}`,
    'Architecture: all',
    'Maintainer: nobody <nobody@example.org>',
    ...(depends === undefined ? [] : [`Depends: ${depends} (= ${PACKAGED_VERSION})`]),
    'Description: a stand-in',
    '',
  ];
  await write('/DEBIAN/control', control.join('\n'), 0o644);
  if (isServer) {
    await write('/DEBIAN/postinst', POSTINST, 0o755);
    const conffiles = ['oned.conf', 'monitord.conf', 'vmm_exec/vmm_execrc'].map((path) => `/etc/one/${path}\n`);
    await write('/DEBIAN/conffiles', conffiles.join(''), 0o644);
  }
  await execa('dpkg-deb', ['--build', '--root-owner-group', '-Znone', root, pool]);
}

/** Release and InRelease (DebianRepository/Format). */
async function sign(folder: string, suite: string, packages: string): Promise<string> {
  const index = await readFile(join(packages, 'Packages'));
  const digest = createHash('sha256').update(index).digest('hex');
  const path = join(packages, 'Packages').slice(suite.length + 1);
  const release = [
    'Origin: stand-in',
    'Suite: stable',
    'Codename: stable',
    `Date: ${new Date().toUTCString().replace('GMT', 'UTC')}`,
    `Architectures: ${await architecture()}`,
    'Components: opennebula',
    'SHA256:',
    ` ${digest} ${index.length} ${path}`,
    '',
  ];
  await writeFile(join(suite, 'Release'), release.join('\n'));
  const home = join(folder, 'gnupg');
  await mkdir(home, { mode: 0o700 });
  const gpg = (...words: string[]) => execa('gpg', ['--homedir', home, '--batch', '--quiet', '--yes', ...words]);
  try {
    await gpg('--passphrase', '', '--quick-generate-key', 'stand-in@example.org', 'ed25519', 'sign', 'never');
    await gpg('--clearsign', '--output', join(suite, 'InRelease'), join(suite, 'Release'));
    const keyFile = join(folder, 'key.asc');
    await gpg('--armor', '--output', keyFile, '--export', 'stand-in@example.org');
    return keyFile;
  } finally {
    await execa('gpgconf', ['--homedir', home, '--kill', 'all'], { reject: false });
  }
}

async function architecture(): Promise<string> {
  return (await execa('dpkg', ['--print-architecture'])).stdout;
}

async function serve(directory: string, made: AsyncDisposableStack): Promise<number> {
  const server = createServer((request, response) => {
    const path = join(directory, normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname)));
    createReadStream(path)
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>((listening) => server.listen(0, '0.0.0.0', listening));
  made.defer(() => {
    server.closeAllConnections();
    return new Promise<void>((closed) => server.close(() => closed()));
  });
  return (server.address() as AddressInfo).port;
}
