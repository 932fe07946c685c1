/**
 * Hosts of the dummy drivers beside the real ones: they run whatever VM they are given, at once, and use nothing. They have
 * a cluster of their own with storage of dummies, so that no VM with a real image goes there.
 */
import type { Client } from '../opennebula/client/client.ts';
import { type WaitOptions, waitForHost } from '../opennebula/client/wait.ts';

const DUMMY = 'dummy';

const DATASTORES: Readonly<Record<string, string>> = {
  'dummy-system': 'TYPE = "SYSTEM_DS"\nTM_MAD = "dummy"\n',
  'dummy-images': 'DS_MAD = "dummy"\nTM_MAD = "dummy"\n',
};

/** `dummy-1` and so on. */
export function dummyNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${DUMMY}-${i + 1}`);
}

/** Makes those of the hosts that are missing, with what they need, and waits until all of them are monitored. */
export async function ensureDummyHosts(client: Client, count: number, options: WaitOptions): Promise<void> {
  const clusters = await client.clusterpool.info();
  const found = clusters.objects.find(({ name }) => name === DUMMY);
  const cluster = found?.id ?? (await client.cluster.allocate(DUMMY));
  const datastores = new Set((await client.datastorepool.info()).objects.map(({ name }) => name));
  for (const [name, template] of Object.entries(DATASTORES)) {
    if (!datastores.has(name)) await client.datastore.allocate(`NAME = "${name}"\n${template}`, cluster);
  }
  const hosts = new Map((await client.hostpool.info()).objects.map(({ name, id }) => [name, id]));
  for (const name of dummyNames(count)) {
    const id = hosts.get(name) ?? (await client.host.allocate(name, DUMMY, DUMMY, cluster));
    await waitForHost(client, id, 'MONITORED', options);
  }
}
