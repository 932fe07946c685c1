/** The front-end `opennebula`: its packages, and the same `onedock install` as anywhere. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AUTHORITY_FILE, PASSWORD_FILE } from '../../provision/front-end.ts';
import { installOpennebula } from '../../provision/install-opennebula.ts';
import { REGISTRY_DATA, REGISTRY_PORT } from '../../provision/registry.ts';
import { REGISTRY_USER } from '../../provision/secrets/sandbox-secrets.ts';
import { reasonOf } from '../errors/thrown.ts';
import type { Transport } from '../transport/transport.ts';
import type { OpennebulaDeclaration } from './configuration.ts';
import { fail } from './errors.ts';
import type { Site } from './site.ts';

/** @throws PACKAGE_KEY_UNREADABLE, REPOSITORY_OUT_OF_REACH, PACKAGES_NOT_FOUND, FRONT_END_NOT_INSTALLED */
export async function installPackaged(
  frontEnd: Transport,
  { configuration: { opennebula }, folder }: Site,
  output: (line: string) => void,
): Promise<void> {
  if (!opennebula) throw new TypeError('A packaged front-end is planned by a configuration that says from where.');
  const { repository: address, directory, suite, component, version } = opennebula;
  const from = directory === undefined ? { address } : { directory: resolve(folder, directory) };
  const database = databaseOf(opennebula);
  await installOpennebula(
    frontEnd,
    {
      repository: { from, suite, component, key: await readKey(opennebula.key, folder) },
      version,
      database,
      installation: { registry: REGISTRY, database },
    },
    output,
  );
}

/** As `front-end.ts` of provision/ has put it there already. */
const REGISTRY = {
  server: `registry:${REGISTRY_PORT}`,
  user: REGISTRY_USER,
  passwordFile: PASSWORD_FILE,
  caFile: AUTHORITY_FILE,
  dataDirectory: REGISTRY_DATA,
} as const;

/** Another password each time: nobody but OpenNebula on the same machine needs to know it. */
function databaseOf({ database: kind }: OpennebulaDeclaration) {
  return kind === 'sqlite' ? { kind } : { kind, password: randomBytes(16).toString('hex') };
}

const DOWNLOAD_SECONDS = 60;

async function readKey(key: string | undefined, folder: string): Promise<string | undefined> {
  if (key === undefined) return undefined;
  try {
    if (!/^https?:/.test(key)) return await readFile(resolve(folder, key), 'utf8');
    const answer = await fetch(key, { signal: AbortSignal.timeout(DOWNLOAD_SECONDS * 1000) });
    if (!answer.ok) throw new Error(`It answers with HTTP status ${answer.status}.`);
    return await answer.text();
  } catch (cause) {
    throw fail('PACKAGE_KEY_UNREADABLE', { key, reason: reasonOf(cause) }, cause);
  }
}
