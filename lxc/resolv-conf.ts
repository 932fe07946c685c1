import { readFile } from 'node:fs/promises';

/** Where systemd-resolved writes the servers that it asks, while /etc/resolv.conf names only itself. */
const FILES = ['/run/systemd/resolve/resolv.conf', '/etc/resolv.conf'];

/** resolv.conf(5) for a machine: what the user's machine asks, without what only it can reach. */
export async function findResolvConf(files: readonly string[] = FILES): Promise<string> {
  for (const file of files) {
    const text = resolvConfForMachines(await readFile(file, 'utf8').catch(() => ''));
    if (text !== '') return text;
  }
  return '';
}

/** Empty when every name server is on the loopback. */
export function resolvConfForMachines(text: string): string {
  const lines = text.split('\n').filter((line) => /^(nameserver|search|options)\s/.test(line));
  const reachable = lines.filter((line) => !/^nameserver\s+(127\.|::1)/.test(line));
  return reachable.some((line) => line.startsWith('nameserver')) ? `${reachable.join('\n')}\n` : '';
}
