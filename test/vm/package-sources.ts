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
import { keyringArguments, type MirrorOptions, mirrorLines, ofRelease, type Release } from './releases.ts';

const LOCAL_AUTHORITIES = '/usr/local/share/ca-certificates';
const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const;
const PIP_VARIABLES = ['PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL'] as const;

export interface PackageSources {
  readonly apt: PackageSource;
  /** Arguments of mmdebstrap that name the keys, where they are not those of the machine that runs the test. */
  readonly keyring: readonly string[];
  readonly npmRegistry: string;
  /** Lines of /etc/environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** File name under /usr/local/share/ca-certificates, and its text. */
  readonly authorities: ReadonlyMap<string, string>;
}

/** @param release  that of the stock machine; from the mirror, where one is named */
export async function packageSources(release: Release, options: MirrorOptions = {}): Promise<PackageSources> {
  const own = await findPackageSource(new LocalTransport());
  const { mirror } = options;
  return {
    apt:
      mirror === undefined
        ? ofRelease(own, SUITE, release)
        : { lines: mirrorLines(release, mirror), options: own.options },
    keyring: await keyringArguments(release, options),
    npmRegistry: (await execa('npm', ['config', 'get', 'registry'])).stdout.trim(),
    environment: { ...proxies(process.env), ...valuesOf(process.env, PIP_VARIABLES) },
    authorities: await localAuthorities(),
  };
}

/** A proxy on this machine's loopback is the gateway of QEMU's user network inside the guest. */
export function proxies(environment: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(valuesOf(environment, PROXY_VARIABLES));
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value.replace(/\/\/(localhost|127\.0\.0\.1)\b/, '//10.0.2.2')]),
  );
}

function valuesOf(environment: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

async function localAuthorities(): Promise<Map<string, string>> {
  const names = await readdir(LOCAL_AUTHORITIES).catch(() => []);
  const certificates = names.filter((name) => name.endsWith('.crt'));
  const entries = certificates.map(
    async (name) => [name, await readFile(join(LOCAL_AUTHORITIES, name), 'utf8')] as const,
  );
  return new Map(await Promise.all(entries));
}
