/**
 * This machine's own part in the networks of a sandbox: the same two bridges as with LXC machines, each with a VXLAN as
 * its port, so that the API and every VM are reached as if they were here.
 */
import { connect } from 'node:net';
import { bridgeName, linkName, NETWORK_KINDS } from '../../../lxc/names.ts';
import { ensureBridges, listLinks, removeLinks } from '../../../lxc/networks.ts';
import { linkCommands, peerCommands } from '../../../provision/overlay-network.ts';
import type { Transport } from '../../transport/transport.ts';
import type { NetworkSpec } from '../testbed.ts';

const portName = (sandbox: string, kind: (typeof NETWORK_KINDS)[number]) => linkName(sandbox, 'overlay', kind);

/** @param peers  addresses of the machines */
export async function joinNetworks(local: Transport, spec: NetworkSpec, peers: readonly string[]): Promise<void> {
  const { sandbox } = spec;
  await ensureBridges(local, spec);
  const present = await listLinks(local, sandbox);
  const commands = NETWORK_KINDS.flatMap((kind) => {
    const device = portName(sandbox, kind);
    if (present.includes(device)) return [];
    const links = linkCommands(sandbox, { device, network: kind, address: undefined });
    return [...links, `link set ${device} master ${bridgeName(sandbox, kind)}`];
  });
  await local.run(['ip', '-batch', '-'], { stdin: lines(commands) });
  await meetPeers(local, sandbox, peers);
}

/** Frames go to these from then on, too. One that is known already is no error. */
export async function meetPeers(local: Transport, sandbox: string, peers: readonly string[]): Promise<void> {
  const devices = NETWORK_KINDS.map((kind) => portName(sandbox, kind));
  const stdin = lines(peerCommands(devices, peers));
  await local.run(['bridge', '-force', '-batch', '-'], { stdin, acceptExitCodes: [0, 1] });
}

export async function isMember(local: Transport, sandbox: string): Promise<boolean> {
  const present = await listLinks(local, sandbox);
  return NETWORK_KINDS.every((kind) => present.includes(portName(sandbox, kind)));
}

export async function leaveNetworks(local: Transport, sandbox: string): Promise<void> {
  await removeLinks(local, await listLinks(local, sandbox));
}

/** The addresses from which this machine sends to others: there they reach it. */
export async function ownAddresses(local: Transport, peers: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    peers.map(async (peer) => {
      const { stdout } = await local.run(['ip', '-json', '-4', 'route', 'get', peer]);
      const [route]: { prefsrc?: string }[] = JSON.parse(stdout);
      return route?.prefsrc ?? [];
    }),
  );
  return [...new Set(found.flat())];
}

/** Whether packets come through to an address and back: its SSH server answers, be it with a refusal. */
export async function answers(address: string, timeoutSeconds: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: address, port: 22 });
  const deadline = setTimeout(() => resolve(false), timeoutSeconds * 1000);
  socket.once('connect', () => resolve(true));
  socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  try {
    return await promise;
  } finally {
    clearTimeout(deadline);
    socket.destroy();
  }
}

function lines(commands: readonly string[]): string {
  return commands.map((command) => `${command}\n`).join('');
}
