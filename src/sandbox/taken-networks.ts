/** What the user's machine already uses of IPv4: its addresses, its routes, and the networks of other sandboxes. */
import type { Transport } from '../transport/transport.ts';
import { type Cidr, parseCidr } from './cidr.ts';
import type { Testbed } from './testbed.ts';

/** A route to everywhere says nothing about what is in use. */
const EVERYWHERE = 2 ** 31;

export async function takenNetworks(local: Transport, testbed: Testbed, sandbox: string): Promise<Cidr[]> {
  const [routes, addresses, others] = await Promise.all([
    local.run(['ip', '-json', '-4', 'route', 'show', 'table', 'all']),
    local.run(['ip', '-json', '-4', 'address', 'show']),
    networksOfOthers(testbed, sandbox),
  ]);
  return [...networksOfRoutes(routes.stdout), ...networksOfAddresses(addresses.stdout), ...others].filter(
    ({ size }) => size < EVERYWHERE,
  );
}

/** @param json  what `ip -json route` prints */
export function networksOfRoutes(json: string): Cidr[] {
  const routes: { dst?: string }[] = JSON.parse(json || '[]');
  return routes.flatMap(({ dst = 'default' }) => networkOf(dst));
}

/** @param json  what `ip -json address` prints */
export function networksOfAddresses(json: string): Cidr[] {
  const links: { addr_info?: { local?: string; prefixlen?: number }[] }[] = JSON.parse(json || '[]');
  return links
    .flatMap(({ addr_info = [] }) => addr_info)
    .flatMap(({ local, prefixlen }) => networkOf(`${local}/${prefixlen}`));
}

async function networksOfOthers(testbed: Testbed, sandbox: string): Promise<Cidr[]> {
  const others = (await testbed.sandboxes()).filter((name) => name !== sandbox);
  const states = await Promise.all(others.map((name) => testbed.look(name)));
  return states.flatMap(({ networks }) => (networks ? [networks.management, networks.vms].flatMap(networkOf) : []));
}

/** The network in which an address with a prefix length lies; a single address is a network of one. */
function networkOf(text: string): Cidr[] {
  const [address, length = '32'] = text.split('/');
  const single = parseCidr(`${address}/32`);
  const size = 2 ** (32 - Number(length));
  return single === undefined || Number.isNaN(size) ? [] : [{ first: single.first - (single.first % size), size }];
}
