/** The two bridges of a sandbox on the user's machine, found by their labels. */
import { readFile, writeFile } from 'node:fs/promises';
import { linkAddressOf } from '../provision/link-address.ts';
import type { NetworkSpec } from '../src/sandbox/testbed.ts';
import type { Transport } from '../src/transport/transport.ts';
import { fail } from './errors.ts';
import { bridgeName, linkPrefix, NETWORK_KINDS, type NetworkKind, networkLabel, parseNetworkLabel } from './names.ts';
import { firstAddress, networkOf, prefixLength } from './subnet.ts';

interface Bridge {
  readonly name: string;
  readonly sandbox: string;
  readonly kind: NetworkKind;
  /** CIDR; undefined while it has no address. */
  readonly network: string | undefined;
}

/** What of `ip -j address` is used. */
interface IpLink {
  readonly ifname: string;
  readonly addr_info: readonly { readonly family: string; readonly local: string; readonly prefixlen: number }[];
}

export async function listBridges(local: Transport): Promise<Bridge[]> {
  const links = await showLinks(local, ['type', 'bridge']);
  const bridges = await Promise.all(
    links.map(async ({ ifname, addr_info }) => {
      const label = parseNetworkLabel(await readAlias(ifname));
      const address = addr_info.find(({ family }) => family === 'inet');
      const network = address && networkOf(`${address.local}/${address.prefixlen}`);
      return label === undefined ? [] : [{ name: ifname, ...label, network }];
    }),
  );
  return bridges.flat();
}

export async function findNetworks(local: Transport, sandbox: string): Promise<NetworkSpec | undefined> {
  const own = (await listBridges(local)).filter((bridge) => bridge.sandbox === sandbox);
  const network = (kind: NetworkKind) => own.find((bridge) => bridge.kind === kind)?.network;
  const [management, vms] = NETWORK_KINDS.map(network);
  return management === undefined || vms === undefined ? undefined : { sandbox, management, vms };
}

/** @throws NETWORK_TAKEN */
export async function ensureBridges(local: Transport, spec: NetworkSpec): Promise<void> {
  const links = await showLinks(local, ['type', 'bridge']);
  const commands = await Promise.all(NETWORK_KINDS.map((kind) => bridgeCommands(spec, kind, links)));
  await batch(local, commands.flat());
  await Promise.all(NETWORK_KINDS.map((kind) => ignoreRouterAdvertisements(bridgeName(spec.sandbox, kind))));
}

/** What `ip -batch` is to do so that a bridge is there as it should be. */
async function bridgeCommands(spec: NetworkSpec, kind: NetworkKind, links: readonly IpLink[]): Promise<string[]> {
  const { sandbox } = spec;
  const name = bridgeName(sandbox, kind);
  const present = links.find(({ ifname }) => ifname === name);
  const owner = await readAlias(name);
  // Without an alias it is one of ours whose making was interrupted: nobody else makes such names.
  if (owner !== '' && owner !== networkLabel(sandbox, kind))
    throw fail('NETWORK_TAKEN', { bridge: name, owner, sandbox });
  const address = `${firstAddress(spec[kind])}/${prefixLength(spec[kind])}`;
  const others = present?.addr_info.filter(({ family }) => family === 'inet') ?? [];
  const stale = others.map(({ local: ip, prefixlen }) => `${ip}/${prefixlen}`).filter((each) => each !== address);
  return [
    ...(present ? [] : [`link add ${name} type bridge forward_delay 0`]),
    `link set ${name} address ${linkAddressOf(address)} alias ${networkLabel(sandbox, kind)}`,
    ...stale.map((each) => `address delete ${each} dev ${name}`),
    `address replace ${address} dev ${name}`,
    `link set ${name} up`,
  ];
}

/** Names of the links that carry the sandbox's prefix: its bridges, and machines' ends that outlived them. */
export async function listLinks(local: Transport, sandbox: string): Promise<string[]> {
  const links = await showLinks(local, []);
  return links.map(({ ifname }) => ifname).filter((name) => name.startsWith(linkPrefix(sandbox)));
}

/** Links that go while this runs are no error. */
export async function removeLinks(local: Transport, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const commands = names.map((name) => `link delete ${name}`);
  await local.run(['ip', '-force', '-batch', '-'], { stdin: lines(commands), acceptExitCodes: [0, 1] });
}

/** A VM must not be able to give the user's machine a route. */
async function ignoreRouterAdvertisements(bridge: string): Promise<void> {
  await writeFile(`/proc/sys/net/ipv6/conf/${bridge}/accept_ra`, '0').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** iproute2 6.1 does not print aliases together with addresses. Empty when there is none, or no such link. */
async function readAlias(link: string): Promise<string> {
  return (await readFile(`/sys/class/net/${link}/ifalias`, 'utf8').catch(() => '')).trim();
}

async function showLinks(local: Transport, filter: readonly string[]): Promise<IpLink[]> {
  const { stdout } = await local.run(['ip', '-json', 'address', 'show', ...filter]);
  const links: (IpLink | Record<string, never>)[] = stdout.trim() === '' ? [] : JSON.parse(stdout);
  // iproute2 prints an empty object for each link that a filter leaves out.
  return links.filter((link): link is IpLink => 'ifname' in link);
}

async function batch(local: Transport, commands: readonly string[]): Promise<void> {
  await local.run(['ip', '-batch', '-'], { stdin: lines(commands) });
}

function lines(commands: readonly string[]): string {
  return commands.map((command) => `${command}\n`).join('');
}

/** Whether the user's machine reaches more than its neighbours, by IPv4: whether a route leads to all addresses. */
export async function hasDefaultRoute(): Promise<boolean> {
  const [, ...routes] = (await readFile('/proc/net/route', 'utf8')).split('\n');
  return routes.map((line) => line.split('\t')).some((fields) => fields[1] === ANY && fields[7] === ANY);
}

/** A destination, and a mask, of zeros. */
const ANY = '00000000';
