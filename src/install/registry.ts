/** The registry of an installation: one that is there already, or Debian's docker-registry on the front-end itself. */

import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { MachineDescription } from '../../provision/machine-description.ts';
import { REGISTRY_DATA, REGISTRY_PORT, registry as registryMachine } from '../../provision/registry.ts';
import { COLLECTOR_FOLDER, COLLECTOR_SERVICE, COLLECTOR_TIMER } from '../../provision/registry-collector.ts';
import { ensureRegistrySecrets } from '../../provision/secrets/registry-secrets.ts';
import type { Change } from './change.ts';
import { fail } from './errors.ts';
import { AUTHORITY_PATH, PASSWORD_PATH } from './places.ts';
import type { Root } from './root.ts';
import type { RegistryUse } from './settings-text.ts';

/** A registry that is there, as its options name it; no `server` means one on the front-end. */
export interface RegistryWish {
  readonly server?: string | undefined;
  readonly user?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly caFile?: string | undefined;
  readonly capacityMb?: number | undefined;
  /** Of one that runs on this machine: what it can hold is measured there. */
  readonly dataDirectory?: string | undefined;
}

export interface RegistryPlan {
  readonly use: RegistryUse;
  /** Comes before the packages, and tells from then on that the registry is ours. */
  readonly mark: readonly Change[];
  readonly changes: readonly Change[];
  readonly packages: readonly string[];
  /** Units that are to run. */
  readonly units: readonly string[];
}

const DROP_IN = '/etc/systemd/system/docker-registry.service.d';
const CONFIG_FOLDER = '/etc/docker/registry';
/** Those that run. */
export const REGISTRY_UNITS = ['docker-registry.service', COLLECTOR_TIMER];

/** Of a registry of ours. They are made with it, and go with it; what was there before the package's comes back. */
export const REGISTRY_PATHS = [
  `${DROP_IN}/onedock.conf`,
  `${CONFIG_FOLDER}/server.crt`,
  `${CONFIG_FOLDER}/server.key`,
  `${CONFIG_FOLDER}/htpasswd`,
  `${CONFIG_FOLDER}/config.yml`,
  `/etc/systemd/system/${COLLECTOR_SERVICE}`,
  `/etc/systemd/system/${COLLECTOR_TIMER}`,
  COLLECTOR_FOLDER,
] as const;

/** Folders that may be left empty. */
export const REGISTRY_FOLDERS = [DROP_IN, CONFIG_FOLDER, '/etc/docker'] as const;

/** @throws REGISTRY_OPTIONS, REGISTRY_CAPACITY_MISSING */
export function checkWish({ server, user, passwordFile, caFile, capacityMb, dataDirectory }: RegistryWish): void {
  const details = [user, passwordFile, caFile, capacityMb];
  if (server === undefined && details.some((each) => each !== undefined))
    throw fail('REGISTRY_OPTIONS', { problem: 'A registry has a server: --registry is missing.' });
  if ((user === undefined) !== (passwordFile === undefined))
    throw fail('REGISTRY_OPTIONS', { problem: 'A user of the registry has a password, and a password has a user.' });
  if (server !== undefined && !/^[a-z0-9.-]+(:\d+)?$/i.test(server))
    throw fail('REGISTRY_OPTIONS', { problem: `\`${server}\` is no server, as \`registry.example.org:5000\`.` });
  if (server !== undefined && capacityMb === undefined && dataDirectory === undefined)
    throw fail('REGISTRY_CAPACITY_MISSING', { server });
}

/**
 * @param secretsFolder  where the secrets of a registry of ours are made, unless they are there
 * @throws REGISTRY_FILE_UNREADABLE, REGISTRY_FOREIGN
 */
export async function planRegistry(root: Root, wish: RegistryWish, secretsFolder: string): Promise<RegistryPlan> {
  return wish.server === undefined ? planOwn(root, secretsFolder) : planGiven({ ...wish, server: wish.server });
}

async function planGiven(wish: RegistryWish & { readonly server: string }): Promise<RegistryPlan> {
  const [password, authority] = await Promise.all([wish.passwordFile, wish.caFile].map(readGiven));
  return {
    use: {
      server: wish.server,
      user: wish.user,
      hasPassword: password !== undefined,
      hasAuthority: authority !== undefined,
      dataDirectory: wish.dataDirectory,
      collectorFolder: undefined,
      capacityMb: wish.capacityMb,
    },
    mark: [],
    changes: credentialFiles(password, authority),
    packages: [],
    units: [],
  };
}

async function readGiven(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw fail('REGISTRY_FILE_UNREADABLE', { path }, cause);
  });
}

function credentialFiles(password: string | undefined, authority: string | undefined): Change[] {
  return [
    ...(password === undefined ? [] : [write(PASSWORD_PATH, 0o600, 'oneadmin', `${password.trim()}\n`)]),
    ...(authority === undefined ? [] : [write(AUTHORITY_PATH, 0o644, 'root', authority)]),
  ];
}

const write = (path: string, mode: number, owner: string, content: string | Buffer): Change => ({
  kind: 'write',
  path,
  mode,
  owner,
  content,
});

async function planOwn(root: Root, secretsFolder: string): Promise<RegistryPlan> {
  const config = `${CONFIG_FOLDER}/config.yml`;
  // A package that was installed before brought this, and somebody may use it.
  const isForeign = (await root.has(config)) && !(await root.has(`${DROP_IN}/onedock.conf`));
  if (isForeign) throw fail('REGISTRY_FOREIGN', { path: config });
  const host = root.isThisMachine ? hostname() : ((await root.readText('/etc/hostname')) ?? '').trim() || hostname();
  const secrets = await ensureRegistrySecrets(secretsFolder, host);
  const { certificate, key: certificateKey } = secrets.identity;
  const machine = registryMachine({ certificate, certificateKey, htpasswd: secrets.htpasswd, hub: false });
  return {
    use: {
      server: `${host}:${REGISTRY_PORT}`,
      user: secrets.user,
      hasPassword: true,
      hasAuthority: true,
      dataDirectory: REGISTRY_DATA,
      collectorFolder: COLLECTOR_FOLDER,
      capacityMb: undefined,
    },
    mark: machineChanges(machine).filter(isMark),
    changes: [
      ...credentialFiles(secrets.password, secrets.authority.certificate),
      ...machineChanges(machine).filter((change) => !isMark(change)),
    ],
    packages: machine.packages ?? [],
    units: (machine.units ?? []).map(({ name }) => name),
  };
}

const isMark = (change: Change) => 'path' in change && change.path.startsWith(DROP_IN);

function machineChanges({ directories = [], files = [] }: MachineDescription): Change[] {
  return [
    ...directories.map(({ path, mode, owner = 'root' }): Change => ({ kind: 'folder', path, mode, owner })),
    ...files.map(({ path, mode, owner = 'root', content }) => write(path, mode, owner, content)),
  ];
}
