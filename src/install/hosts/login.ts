/** How this machine logs in to a machine that is to be a host. */
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { type SshServer, SshTransport } from '../../transport/ssh.ts';
import { SudoTransport } from '../../transport/sudo.ts';
import type { Transport } from '../../transport/transport.ts';
import { fail } from './errors.ts';

/** What an address may leave out. A path may begin with `~`. */
export interface Login {
  readonly user: string;
  readonly port: number;
  readonly keyFile: string;
  readonly knownHostsFile: string;
}

export const DEFAULT_LOGIN: Login = {
  user: 'root',
  port: 22,
  keyFile: '~/.ssh/id_ed25519',
  knownHostsFile: '~/.ssh/known_hosts',
};

const CONNECT_TIMEOUT_SECONDS = 15;

const ADDRESS = /^(?:([^@\s]+)@)?(?:\[([0-9a-f:.]+)\]|([^:@\s[\]]+))(?::(\d+))?$/i;

/**
 * @param address  `host`, `user@host`, `user@host:port`; an IPv6 address stands in brackets
 * @param folder  from which relative paths count
 * @throws HOST_ADDRESS_INVALID
 */
export function serverOf(address: string, login: Login, folder: string): SshServer {
  const [, user = login.user, ipv6, name, port] = ADDRESS.exec(address) ?? [];
  const host = ipv6 ?? name;
  if (host === undefined || host.startsWith('-')) throw fail('HOST_ADDRESS_INVALID', { address });
  const path = (text: string) => resolve(folder, text.replace(/^~(?=\/)/, homedir()));
  return {
    host,
    port: port === undefined ? login.port : Number(port),
    user,
    keyFile: path(login.keyFile),
    knownHostsFile: path(login.knownHostsFile),
    connectTimeoutSeconds: CONNECT_TIMEOUT_SECONDS,
  };
}

/** As root. */
export function openMachine(server: SshServer): Transport {
  const ssh = new SshTransport(server);
  return server.user === 'root' ? ssh : new SudoTransport(ssh);
}
