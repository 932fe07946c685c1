/** What the verbs `host prepare`, `host check` and `host release` have in common: machines by address, and their cloud. */
import { resolve } from 'node:path';
import type { Cloud } from '../../install/hosts/cloud.ts';
import type { Root } from '../../install/root.ts';
import type { SshServer } from '../../transport/ssh.ts';
import type { Call, Options } from './command.ts';
import { ROOT_OPTION } from './output/installation-text.ts';

const MOST_PORTS = 65_535;

export const ADDRESSES = {
  required: true,
  several: true,
  summary:
    'Machines, each as `host`, `user@host` or `user@host:port`. The user is root, or may become it by `sudo -n`.',
} as const;

export const LOGIN_OPTIONS = {
  user: { kind: 'text', value: 'USER', summary: 'Who logs in where an address names none; `root` unless given.' },
  port: { kind: 'count', value: 'PORT', most: MOST_PORTS, summary: 'Port of their SSH servers, 22 unless given.' },
  key: {
    kind: 'text',
    value: 'FILE',
    summary: 'Private key without passphrase, `~/.ssh/id_ed25519` unless given.',
  },
  knownHosts: {
    kind: 'text',
    value: 'FILE',
    summary: 'Keys of the machines, `~/.ssh/known_hosts` unless given. A machine that is not in it is refused.',
  },
  root: ROOT_OPTION,
  frontend: {
    kind: 'text',
    value: 'NAME',
    summary: 'The front-end whose hosts they are, by its name; this machine’s unless given.',
  },
  registry: {
    kind: 'text',
    value: 'SERVER',
    summary: 'Its registry, as `registry:5000`; that of the drivers’ settings unless given.',
  },
  registryCa: { kind: 'text', value: 'FILE', summary: 'Authority that signed that registry’s certificate (PEM).' },
  oneadminKey: {
    kind: 'text',
    value: 'FILE',
    summary: 'Public key with which its oneadmin logs in; all that oneadmin has here unless given.',
  },
} as const satisfies Options;

export interface NamedServer {
  readonly address: string;
  readonly server: SshServer;
}

export interface HostsOfCloud {
  readonly root: Root;
  readonly cloud: Cloud;
  readonly servers: readonly NamedServer[];
}

type HostsCall = Call<{ readonly addresses: typeof ADDRESSES }, typeof LOGIN_OPTIONS>;

/**
 * @param needs  whether all that hosts are made with has to be known
 * @throws HOST_ADDRESS_INVALID, FRONT_END_NOT_FOUND, FRONT_END_FILE_UNREADABLE, SETTINGS_INVALID
 */
export async function openHostsOfCloud(
  { arguments: { addresses }, options, console }: HostsCall,
  needs: { readonly complete?: boolean } = {},
): Promise<HostsOfCloud> {
  const { DEFAULT_LOGIN, serverOf } = await import('../../install/hosts/login.ts');
  const { findCloud } = await import('../../install/hosts/cloud.ts');
  const { Root } = await import('../../install/root.ts');
  const folder = console.workingDirectory;
  const file = (path: string | undefined) => (path === undefined ? undefined : resolve(folder, path));
  const login = {
    user: options.user ?? DEFAULT_LOGIN.user,
    port: options.port ?? DEFAULT_LOGIN.port,
    keyFile: options.key ?? DEFAULT_LOGIN.keyFile,
    knownHostsFile: options.knownHosts ?? DEFAULT_LOGIN.knownHostsFile,
  };
  const servers = [...new Set(addresses)].map((address) => ({ address, server: serverOf(address, login, folder) }));
  const root = new Root(file(options.root) ?? '/');
  const wish = {
    frontEnd: options.frontend,
    registry: options.registry,
    caFile: file(options.registryCa),
    oneadminKeyFile: file(options.oneadminKey),
  };
  const cloud = await findCloud(root, wish, needs);
  return { root, cloud, servers };
}
