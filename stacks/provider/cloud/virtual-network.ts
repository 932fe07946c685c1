import { z } from 'zod';
import { UPDATE } from '../../../src/opennebula/client/constants.ts';
import { waitUntil } from '../../../src/opennebula/client/wait.ts';
import { attributesInput, templateText } from './attributes.ts';
import { cloudResource } from './cloud-resource.ts';
import { writtenAttributes } from './documents.ts';

const addressRange = z.object({
  type: z.enum(['IP4', 'IP6', 'IP4_6', 'IP6_STATIC', 'IP4_6_STATIC', 'ETHER']).default('IP4'),
  size: z.int().positive().describe('How many addresses.'),
  ip: z.string().optional().describe('The first IPv4 address.'),
  ip6: z.string().optional().describe('The first IPv6 address, of static types.'),
  mac: z.string().optional().describe('The first MAC address; made of the IP when missing.'),
});

export const virtualNetwork = cloudResource({
  name: 'VirtualNetwork',
  description: 'A network with addresses that VMs lease.',
  inputs: {
    name: z.string().min(1).max(128).describe('Unique for its owner.'),
    driver: z.string().default('bridge').describe('VN_MAD.'),
    bridge: z.string().optional().describe('Bridge on the hosts.'),
    physicalDevice: z.string().optional().describe('PHYDEV: the interface that joins the hosts.'),
    addressRanges: z.array(addressRange).default([]),
    clusterId: z.int().min(0).default(0).describe('The cluster that it starts in.'),
    attributes: attributesInput,
  },
  outputs: { usedLeases: z.number() },
  replaceOn: ['driver', 'bridge', 'physicalDevice', 'addressRanges', 'clusterId'],
  async create(client, { name, driver, bridge, physicalDevice, addressRanges, clusterId, attributes }, signal) {
    const own = { NAME: name, VN_MAD: driver, BRIDGE: bridge, PHYDEV: physicalDevice };
    const ranges = addressRanges.map(definedValues);
    const id = await client.vn.allocate(templateText(own, { AR: ranges }, attributes), clusterId);
    await waitUntil({
      awaited: `Virtual network ${id} READY`,
      signal,
      look: () => client.vn.info(id),
      done: (found) => found.state === 'READY',
      hopeless: (found) => (found.state === 'ERROR' ? found.error || 'The network driver failed.' : undefined),
      describe: (found) => found.state,
    });
    return id;
  },
  async look(client, id, known) {
    const found = await client.vn.info(id);
    return {
      inputs: {
        name: found.name,
        driver: found.text('VN_MAD'),
        bridge: known?.bridge === undefined ? undefined : found.bridge,
        physicalDevice: found.text('PHYDEV') || undefined,
        addressRanges: known?.addressRanges ?? [],
        clusterId: known?.clusterId ?? found.number('CLUSTERS/ID'),
        attributes: writtenAttributes(found, known?.attributes),
      },
      outputs: { usedLeases: found.usedLeases },
    };
  },
  async update(client, id, { name, attributes }, olds) {
    if (name !== olds.name) await client.vn.rename(id, name);
    await client.vn.update(id, templateText(attributes), UPDATE.APPEND);
  },
  async remove(client, id) {
    await client.vn.delete(id);
  },
});

function definedValues(range: z.output<typeof addressRange>): Record<string, string | number> {
  return Object.fromEntries(Object.entries(range).filter(([, value]) => value !== undefined)) as Record<
    string,
    string | number
  >;
}
