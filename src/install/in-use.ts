import type { Client } from '../opennebula/client/client.ts';
import { DRIVER } from './edit-configuration.ts';

/** Objects of OpenNebula that go by the drivers, as people call them. */
export async function findUsers(client: Client): Promise<string[]> {
  const [hosts, datastores, networks] = await Promise.all([
    client.hostpool.info(),
    client.datastorepool.info(),
    client.vnpool.info(),
  ]);
  const byDriver = (objects: Iterable<{ name: string; text(path: string): string }>, kind: string, names: string[]) =>
    [...objects].flatMap((object) =>
      names.some((name) => object.text(name) === DRIVER) ? [`${kind} ${object.name}`] : [],
    );
  return [
    ...byDriver(hosts.objects, 'host', ['IM_MAD', 'VM_MAD']),
    ...byDriver(datastores.objects, 'datastore', ['DS_MAD', 'TM_MAD']),
    ...byDriver(networks.objects, 'network', ['VN_MAD']),
  ];
}
