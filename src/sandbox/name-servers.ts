import { readFile } from 'node:fs/promises';

/** Where systemd-resolved writes the servers that it asks, while /etc/resolv.conf names only itself. */
const FILES = ['/run/systemd/resolve/resolv.conf', '/etc/resolv.conf'];

/** Name servers of the user's machine that VMs can reach, none when it asks only itself. */
export async function findNameServers(): Promise<string[]> {
  for (const file of FILES) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const servers = nameServersIn(text);
    if (servers.length > 0) return servers;
  }
  return [];
}

/** IPv4 servers of a resolv.conf(5), without those of the loopback. */
export function nameServersIn(text: string): string[] {
  const lines = text.matchAll(/^nameserver\s+(\d+\.\d+\.\d+\.\d+)\s*$/gm);
  return Array.from(lines, ([, address = '']) => address).filter((address) => !address.startsWith('127.'));
}
