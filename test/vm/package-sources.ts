/**
 * Where packages come from on the machine that runs the test, so that the stock machine uses the same: Debian's
 * mirrors, the npm registry, proxies, and certificate authorities that the administrator has added. Read from the
 * running machine's own configuration; nothing of it is written into the repository.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { findPackageSource, type PackageSource, SUITE } from '../../lxc/package-source.ts';
import { LocalTransport } from '../../src/transport/local.ts';

const LOCAL_AUTHORITIES = '/usr/local/share/ca-certificates';
const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const;

export interface PackageSources {
  readonly apt: PackageSource;
  readonly npmRegistry: string;
  /** Lines of /etc/environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** File name under /usr/local/share/ca-certificates, and its text. */
  readonly authorities: ReadonlyMap<string, string>;
}

/** @param release  of Debian, that of the stock machine */
export async function packageSources(release: string): Promise<PackageSources> {
  return {
    apt: ofRelease(await findPackageSource(new LocalTransport()), release),
    npmRegistry: (await execa('npm', ['config', 'get', 'registry'])).stdout.trim(),
    environment: proxies(process.env),
    authorities: await localAuthorities(),
  };
}

/** A mirror has all releases in use, each under its name. */
export function ofRelease({ lines, options }: PackageSource, release: string): PackageSource {
  return { lines: lines.map((line) => line.replace(` ${SUITE}`, ` ${release}`)), options };
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
