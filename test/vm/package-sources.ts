/**
 * Where packages come from on the machine that runs the test, so that the stock machine uses the same: Debian's
 * mirrors, the npm registry, proxies, and certificate authorities that the administrator has added. Read from the
 * running machine's own configuration; nothing of it is written into the repository.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

const LOCAL_AUTHORITIES = '/usr/local/share/ca-certificates';
const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const;

export interface PackageSources {
  /** Lines of /etc/apt/sources.list for Debian 12. */
  readonly aptLines: readonly string[];
  readonly npmRegistry: string;
  /** Lines of /etc/environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** File name under /usr/local/share/ca-certificates, and its text. */
  readonly authorities: ReadonlyMap<string, string>;
}

export async function packageSources(): Promise<PackageSources> {
  return {
    aptLines: aptLines(await aptMirrors()),
    npmRegistry: (await execa('npm', ['config', 'get', 'registry'])).stdout.trim(),
    environment: proxies(process.env),
    authorities: await localAuthorities(),
  };
}

/** Debian's own addresses, unless this machine is a bookworm that gets them from a mirror. */
export function aptLines(indexTargets: readonly string[]): string[] {
  const mirrorOf = (suite: string, standard: string) =>
    indexTargets.map((line) => line.split(' ')).find(([, codename]) => codename === suite)?.[0] ?? standard;
  const main = mirrorOf('bookworm', 'http://deb.debian.org/debian');
  const security = mirrorOf('bookworm-security', 'http://deb.debian.org/debian-security');
  return [`deb ${main} bookworm main`, `deb ${main} bookworm-updates main`, `deb ${security} bookworm-security main`];
}

async function aptMirrors(): Promise<string[]> {
  const { stdout } = await execa('apt-get', ['indextargets', '--format', '$(SITE) $(RELEASE)', 'Created-By: Packages']);
  return stdout.split('\n');
}

/** A proxy on this machine's loopback is the gateway of QEMU's user network inside the guest. */
export function proxies(environment: NodeJS.ProcessEnv): Record<string, string> {
  const found = PROXY_VARIABLES.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value.replace(/\/\/(localhost|127\.0\.0\.1)\b/, '//10.0.2.2')] as const];
  });
  return Object.fromEntries(found);
}

async function localAuthorities(): Promise<Map<string, string>> {
  const names = await readdir(LOCAL_AUTHORITIES).catch(() => []);
  const certificates = names.filter((name) => name.endsWith('.crt'));
  const entries = certificates.map(
    async (name) => [name, await readFile(join(LOCAL_AUTHORITIES, name), 'utf8')] as const,
  );
  return new Map(await Promise.all(entries));
}
