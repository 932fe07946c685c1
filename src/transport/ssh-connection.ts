/**
 * One SSH connection: who the server is gets checked before anything is sent, against `known_hosts` with pinned keys and
 * certificate authorities. A server that is not known is refused; nothing is ever added to the file.
 */
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { Client } from 'ssh2';
import { OnedockError } from '../errors/onedock-error.ts';
import { messageOf } from '../errors/thrown.ts';
import { fetchHostCertificate } from './fetch-host-certificate.ts';
import { type HostCertificate, parseHostCertificate } from './host-certificate.ts';
import { distrust, hasAuthority, type KnownHost, parseKnownHosts } from './known-hosts.ts';
import { fail } from './ssh-errors.ts';
import { joinWrites, prepareKeys } from './ssh-packets.ts';
import { TurnedAway, untilLetIn } from './turned-away.ts';

export interface SshServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** File of the user's private key, without passphrase. */
  readonly keyFile: string;
  readonly knownHostsFile: string;
  readonly connectTimeoutSeconds: number;
  /** From which it is reached, where this machine does not reach it itself. */
  readonly jump?: SshServer | undefined;
}

const KEEPALIVE_SECONDS = 10;
const KEEPALIVES_UNANSWERED = 3;

/** What decides whether a server is trusted. */
interface Trust {
  readonly known: readonly KnownHost[];
  readonly certificate: HostCertificate | undefined;
}

/** @throws SSH_UNREACHABLE, SSH_HOST_NOT_TRUSTED, SSH_LOGIN_REFUSED, SSH_FILE_UNREADABLE */
export async function connectSsh(server: SshServer): Promise<Client> {
  const [privateKey, knownHosts] = await Promise.all([readText(server.keyFile), readText(server.knownHostsFile)]);
  const known = parseKnownHosts(knownHosts);
  try {
    // Asked for before the connection is made: two that wait to log in at the same time are turned away more often.
    const certificate = await untilLetIn(() => askForCertificate(server, known));
    return await untilLetIn(() => logIn(server, privateKey, { known, certificate }));
  } catch (error) {
    if (error instanceof OnedockError) throw error;
    throw fail('SSH_UNREACHABLE', { ...server, reason: messageOf(error) }, error);
  }
}

async function askForCertificate(server: SshServer, known: readonly KnownHost[]): Promise<HostCertificate | undefined> {
  const { host, port, connectTimeoutSeconds } = server;
  if (!hasAuthority(known, host, port)) return undefined;
  const blob = await fetchHostCertificate(await dial(server), connectTimeoutSeconds);
  try {
    return blob && parseHostCertificate(blob);
  } catch (cause) {
    const reason = `Its certificate cannot be read: ${messageOf(cause)}`;
    throw fail('SSH_HOST_NOT_TRUSTED', { ...server, reason }, cause);
  }
}

async function logIn(server: SshServer, privateKey: string, { known, certificate }: Trust): Promise<Client> {
  const { host, port, user, connectTimeoutSeconds } = server;
  const sock = joinWrites(await dial(server));
  const client = new Client();
  prepareKeys(client);
  let distrusted: string | undefined;
  const { promise, resolve, reject } = Promise.withResolvers<Client>();
  client.once('ready', () => resolve(client));
  client.once('close', () => reject(new TurnedAway('The connection was closed at once.')));
  client.on('error', (error: Error & { level?: string }) => {
    if (distrusted !== undefined) reject(fail('SSH_HOST_NOT_TRUSTED', { ...server, reason: distrusted }));
    else if (error.level === 'client-authentication') reject(fail('SSH_LOGIN_REFUSED', { ...server }, error));
    else reject(/before handshake/i.test(error.message) ? new TurnedAway(error.message) : error);
  });
  client.connect({
    sock,
    username: user,
    privateKey,
    readyTimeout: connectTimeoutSeconds * 1000,
    keepaliveInterval: KEEPALIVE_SECONDS * 1000,
    keepaliveCountMax: KEEPALIVES_UNANSWERED,
    hostVerifier: (key: Buffer) => {
      distrusted = distrust(known, { host, port, key, now: Math.floor(Date.now() / 1000) }, certificate);
      return distrusted === undefined;
    },
  });
  return await promise;
}

/** A stream to the server's port. */
async function dial({ host, port, jump }: SshServer): Promise<Duplex> {
  // Requests are small and wait for answers: collecting them (Nagle) would cost 40 ms each.
  if (!jump) return connect({ host, port, noDelay: true });
  const client = await connectSsh(jump);
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  client.forwardOut('127.0.0.1', 0, host, port, (error, stream) => (error ? reject(error) : resolve(stream)));
  try {
    return (await promise).once('close', () => client.end());
  } catch (error) {
    client.end();
    throw error;
  }
}

async function readText(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((cause: unknown) => {
    throw fail('SSH_FILE_UNREADABLE', { path }, cause);
  });
}
