/**
 * What a person does on a stock machine before the README begins: tell it where packages come from, and clone the
 * repository. The clone is of the last commit, so what is not committed is not tried.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { StockMachine } from './machine.ts';
import type { PackageSources } from './package-sources.ts';

const TRUSTED = '/etc/ssl/certs/ca-certificates.crt';

/** Where the clone lies in the guest. */
export const CLONE = '/root/onedock';

export async function configurePackages(machine: StockMachine, sources: PackageSources): Promise<void> {
  for (const [path, text] of Object.entries(configurationFiles(sources)))
    await machine.shell(`mkdir -p "$(dirname ${path})" && cat > ${path}`, { stdin: text });
  await machine.shell('update-ca-certificates');
}

/** Path in the guest, and its text. */
export function configurationFiles(sources: PackageSources): Record<string, string> {
  const { aptLines, npmRegistry, environment, authorities } = sources;
  const trust = authorities.size === 0 ? {} : { NODE_EXTRA_CA_CERTS: TRUSTED };
  const certificates = [...authorities].map(([name, text]) => [`/usr/local/share/ca-certificates/${name}`, text]);
  return {
    '/etc/apt/sources.list': lines(aptLines),
    '/etc/environment': lines(Object.entries({ ...environment, ...trust }).map(([name, value]) => `${name}=${value}`)),
    '/root/.npmrc': lines([`registry=${npmRegistry}`, ...(authorities.size === 0 ? [] : [`cafile=${TRUSTED}`])]),
    ...Object.fromEntries(certificates),
  };
}

export async function cloneRepository(machine: StockMachine, repository: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'onedock-clone-'));
  try {
    const bundle = join(folder, 'onedock.bundle');
    await execa('git', ['-C', repository, 'bundle', 'create', '--quiet', bundle, 'HEAD']);
    await machine.put(bundle, '/root/onedock.bundle');
  } finally {
    await rm(folder, { recursive: true });
  }
  await machine.shell(`git clone --quiet /root/onedock.bundle ${CLONE} && rm /root/onedock.bundle`);
}

function lines(list: readonly string[]): string {
  return list.map((line) => `${line}\n`).join('');
}
