/**
 * The name server as a program, of oneadmin's. systemd hands it the socket when a VM first asks (sd_listen_fds(3)), and it ends
 * when nobody has asked for a while; else it listens at port 53 of the addresses that are named. Bundled by esbuild.
 *   names [ADDRESS]...
 */
import { createSocket, type Socket } from 'node:dgram';
import { getServers } from 'node:dns';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { presentError } from '../errors/present.ts';
import { createClient } from '../opennebula/client/client.ts';
import { makeDirectory } from './directory.ts';
import { serveNames } from './name-server.ts';

const DEFAULT_ENDPOINT = 'http://localhost:2633/RPC2';
const DEFAULT_AUTH = '/var/lib/one/.one/one_auth';
const IDLE_SECONDS = 300;
const DNS_PORT = 53;
/** The first that systemd hands over. */
const FIRST_DESCRIPTOR = 3;

const ended = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ended.abort());
const log = (text: string) => process.stderr.write(`${text}\n`);

try {
  const { ONE_XMLRPC: endpoint = DEFAULT_ENDPOINT, ONE_AUTH: authFile = DEFAULT_AUTH, LISTEN_FDS = '0' } = process.env;
  const [session = ''] = readFileSync(authFile, 'utf8').split('\n', 1);
  using client = createClient({ endpoint, session, signal: ended.signal });
  const addresses = process.argv.slice(2);
  const handed = Number(LISTEN_FDS);
  const sockets = await Promise.all(
    handed > 0
      ? Array.from({ length: handed }, (_, i) => bound({ fd: FIRST_DESCRIPTOR + i }))
      : addresses.map((address) => bound({ address, port: DNS_PORT })),
  );
  const read = async () => {
    const [networks, vms] = await Promise.all([client.vnpool.info(), client.vmpool.info()]);
    const active = vms.objects.filter(({ state }) => state === 'ACTIVE');
    return makeDirectory(networks.objects, active);
  };
  const servers = getServers().filter((server) => !addresses.includes(server));
  await serveNames({ sockets, read, servers, log, idleSeconds: handed > 0 ? IDLE_SECONDS : undefined }, ended.signal);
} catch (error) {
  log(presentError(error));
  process.exitCode = 1;
}

async function bound(
  to: { readonly fd: number } | { readonly address: string; readonly port: number },
): Promise<Socket> {
  const socket = createSocket('address' in to && isIPv6(to.address) ? 'udp6' : 'udp4');
  // Told at once of a socket that is handed over.
  const listening = once(socket, 'listening');
  socket.bind(to);
  await listening;
  return socket;
}
