/**
 * One SSH connection: who the server is gets checked before anything is sent, against `known_hosts` with pinned keys and
 * certificate authorities. A server that is not known is refused; nothing is ever added to the file.
 */
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'ssh2';
import { fetchHostCertificate } from './fetch-host-certificate.ts';
import { parseHostCertificate } from './host-certificate.ts';
import { distrust, parseKnownHosts } from './known-hosts.ts';
import { fail } from './ssh-errors.ts';

export interface SshServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** File of the user's private key, without passphrase. */
  readonly keyFile: string;
  readonly knownHostsFile: string;
  readonly connectTimeoutSeconds: number;
}

/** @throws SSH_UNREACHABLE, SSH_HOST_NOT_TRUSTED, SSH_LOGIN_REFUSED, SSH_FILE_UNREADABLE */
export async function connectSsh(server: SshServer): Promise<Client> {
  const [privateKey, knownHosts] = await Promise.all([readText(server.keyFile), readText(server.knownHostsFile)]);
  for (let attempt = 1; ; attempt++) {
    try {
      return await connectOnce(server, privateKey, knownHosts);
    } catch (error) {
      if (!(error instanceof TurnedAway)) throw error;
      if (attempt === MOST_ATTEMPTS) throw fail('SSH_UNREACHABLE', { ...server, reason: error.message }, error);
      await delay(attempt * 100 * (0.5 + Math.random()));
    }
  }
}

const MOST_ATTEMPTS = 8;
const KEEPALIVE_SECONDS = 10;
const KEEPALIVES_UNANSWERED = 3;

/** sshd drops connections at random while too many others log in (MaxStartups). */
class TurnedAway extends Error {}

async function connectOnce(server: SshServer, privateKey: string, knownHosts: string): Promise<Client> {
  const client = new Client();
  let distrusted: string | undefined;
  const { promise, resolve, reject } = Promise.withResolvers<Client>();
  client.once('ready', () => resolve(client));
  client.once('close', () => reject(new TurnedAway('The connection was closed at once.')));
  client.on('error', (error: Error & { level?: string; code?: string }) => {
    if (distrusted !== undefined) reject(fail('SSH_HOST_NOT_TRUSTED', { ...server, reason: distrusted }));
    else if (error.level === 'client-authentication') reject(fail('SSH_LOGIN_REFUSED', { ...server }, error));
    else if (error.code === 'ECONNRESET' || /before handshake/i.test(error.message))
      reject(new TurnedAway(error.message));
    else reject(fail('SSH_UNREACHABLE', { ...server, reason: error.message }, error));
  });
  client.connect({
    // Requests are small and wait for answers: collecting them (Nagle) would cost 40 ms each.
    sock: connect({ host: server.host, port: server.port, noDelay: true }),
    username: server.user,
    privateKey,
    readyTimeout: server.connectTimeoutSeconds * 1000,
    keepaliveInterval: KEEPALIVE_SECONDS * 1000,
    keepaliveCountMax: KEEPALIVES_UNANSWERED,
    hostVerifier: (key: Buffer, verdict: (trusted: boolean) => void) => {
      whyDistrust(server, key, knownHosts).then((reason) => {
        distrusted = reason;
        verdict(reason === undefined);
      });
    },
  });
  return await promise;
}

async function whyDistrust(server: SshServer, key: Buffer, knownHosts: string): Promise<string | undefined> {
  const { host, port, connectTimeoutSeconds } = server;
  const presented = { host, port, key, now: Math.floor(Date.now() / 1000) };
  try {
    return await distrust(parseKnownHosts(knownHosts), presented, async () => {
      const blob = await fetchHostCertificate(host, port, connectTimeoutSeconds);
      return blob && parseHostCertificate(blob);
    });
  } catch (error) {
    return `Its certificate cannot be read: ${(error as Error).message}`;
  }
}

async function readText(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((cause: unknown) => {
    throw fail('SSH_FILE_UNREADABLE', { path }, cause);
  });
}
