/**
 * What a person does on a stock machine before the README begins: tell it where packages come from, and clone the
 * repository. The clone is of the last commit, so what is not committed is not tried.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Transport } from '../../src/transport/transport.ts';
import type { PackageSources } from './package-sources.ts';

const TRUSTED = '/etc/ssl/certs/ca-certificates.crt';

/** Where the clone lies in the guest. */
export const CLONE = '/root/onedock';
const BUNDLE = '/root/onedock.bundle';

/** A minute each is enough under emulation on a quiet machine. */
const TIMEOUT_SECONDS = 300;

export async function configurePackages(guest: Transport, sources: PackageSources, patience: number): Promise<void> {
  const options = { timeoutSeconds: TIMEOUT_SECONDS * patience };
  for (const [path, text] of Object.entries(configurationFiles(sources)))
    await guest.run(['dd', 'status=none', `of=${path}`], { ...options, stdin: text });
  await guest.run(['update-ca-certificates'], options);
}

/** Path in the guest, and its text. */
export function configurationFiles(sources: PackageSources): Record<string, string> {
  const { apt, npmRegistry, environment, authorities } = sources;
  const trust = authorities.size === 0 ? {} : { NODE_EXTRA_CA_CERTS: TRUSTED, PIP_CERT: TRUSTED };
  const certificates = [...authorities].map(([name, text]) => [`/usr/local/share/ca-certificates/${name}`, text]);
  return {
    '/etc/apt/sources.list': lines(apt.lines),
    ...(apt.options.length === 0 ? {} : { '/etc/apt/apt.conf.d/90proxy': lines(apt.options) }),
    '/etc/environment': lines(Object.entries({ ...environment, ...trust }).map(([name, value]) => `${name}=${value}`)),
    '/root/.npmrc': lines([`registry=${npmRegistry}`, ...(authorities.size === 0 ? [] : [`cafile=${TRUSTED}`])]),
    ...Object.fromEntries(certificates),
  };
}

export async function cloneRepository(guest: Transport, repository: string, patience: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'onedock-clone-'));
  try {
    const bundle = join(folder, 'onedock.bundle');
    await execa('git', ['-C', repository, 'bundle', 'create', '--quiet', bundle, 'HEAD']);
    await guest.put(bundle, BUNDLE);
  } finally {
    await rm(folder, { recursive: true });
  }
  await guest.run(['git', 'clone', '--quiet', BUNDLE, CLONE], {
    timeoutSeconds: TIMEOUT_SECONDS * patience,
  });
}

function lines(list: readonly string[]): string {
  return list.map((line) => `${line}\n`).join('');
}
