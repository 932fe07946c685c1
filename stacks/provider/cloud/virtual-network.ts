import * as z from 'zod';
import { UPDATE } from '../../../src/opennebula/client/constants.ts';
import type { OneDocument } from '../../../src/opennebula/client/document.ts';
import { waitUntil } from '../../../src/opennebula/client/wait.ts';
import { findAll, leaves } from '../../../src/opennebula/xml.ts';
import { attributesInput, templateText } from './attributes.ts';
import { cloudResource } from './cloud-resource.ts';
import { rewritten, writtenAttributes } from './documents.ts';

const addressRange = z.strictObject({
  type: z.enum(['IP4', 'IP6', 'IP4_6', 'IP6_STATIC', 'IP4_6_STATIC', 'ETHER']).default('IP4'),
  size: z.int().positive().describe('How many addresses.'),
  ip: z.string().optional().describe('The first IPv4 address.'),
  ip6: z.string().optional().describe('The first IPv6 address, of static types.'),
  mac: z.string().optional().describe('The first MAC address; made of the IP when missing.'),
});

type AddressRange = z.output<typeof addressRange>;

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
  async create(client, { name, driver, bridge, physicalDevice, addressRanges, clusterId, attributes }) {
    const own = { NAME: name, VN_MAD: driver, BRIDGE: bridge, PHYDEV: physicalDevice };
    const ranges = addressRanges.map(definedValues);
    return client.vn.allocate(templateText(own, { AR: ranges }, attributes), clusterId);
  },
  async look(client, id, known) {
    const found = await client.vn.info(id);
    return {
      inputs: {
        name: found.name,
        driver: found.text('VN_MAD'),
        bridge: known?.bridge === undefined ? undefined : found.bridge,
        physicalDevice: found.text('PHYDEV') || undefined,
        addressRanges: rangesOf(found, known?.addressRanges),
        clusterId: known?.clusterId ?? found.number('CLUSTERS/ID'),
        attributes: writtenAttributes(found, known?.attributes),
      },
      outputs: { usedLeases: found.usedLeases },
    };
  },
  async update(client, id, { name, attributes }, olds, signal) {
    const found = await waitUntil({
      awaited: `Virtual network ${id} READY`,
      signal,
      look: () => client.vn.info(id),
      done: ({ state }) => state === 'READY',
      hopeless: (seen) => (seen.state === 'ERROR' ? seen.error || 'The network driver failed.' : undefined),
      describe: ({ state }) => state,
    });
    if (name !== found.name) await client.vn.rename(id, name);
    const template = rewritten(found, attributes, olds?.attributes);
    if (template !== undefined) await client.vn.update(id, template, UPDATE.REPLACE);
  },
  async remove(client, id) {
    await client.vn.delete(id);
  },
});

/** Of each range what was written of it; all of it when nothing was. */
function rangesOf({ element }: OneDocument, written: readonly AddressRange[] | undefined): AddressRange[] {
  return findAll(element, 'AR_POOL/AR').map((range, i) => {
    const { TYPE, SIZE, IP, IP6, MAC } = leaves(range);
    const known = written?.[i];
    return {
      type: TYPE as AddressRange['type'],
      size: Number(SIZE),
      ...(known?.ip === undefined && known ? {} : { ip: IP }),
      ...(known?.ip6 === undefined ? {} : { ip6: IP6 }),
      ...(known?.mac === undefined ? {} : { mac: MAC }),
    };
  });
}

function definedValues(range: AddressRange): Record<string, string | number> {
  return Object.fromEntries(Object.entries(range).filter(([, value]) => value !== undefined)) as Record<
    string,
    string | number
  >;
}
