import { z } from 'zod';
import { UPDATE } from '../../../src/opennebula/client/constants.ts';
import { attributesInput, templateText } from './attributes.ts';
import { cloudResource } from './cloud-resource.ts';
import { writtenAttributes } from './documents.ts';

const rule = z.object({
  protocol: z.enum(['ALL', 'TCP', 'UDP', 'ICMP', 'ICMPV6', 'IPSEC']),
  direction: z.enum(['INBOUND', 'OUTBOUND']),
  ports: z.string().optional().describe('As `22,80,8000:9000`; all when missing.'),
  ip: z.string().optional().describe('The first address of the other side; any when missing.'),
  size: z.int().positive().optional().describe('How many addresses from `ip` on.'),
  networkId: z.int().min(0).optional().describe('The other side is this network.'),
});

export const securityGroup = cloudResource({
  name: 'SecurityGroup',
  description: 'Rules for the traffic of the VMs that use it.',
  inputs: {
    name: z.string().min(1).max(128).describe('Unique for its owner.'),
    rules: z.array(rule).default([]),
    attributes: attributesInput,
  },
  outputs: {},
  async create(client, { name, rules, attributes }) {
    return client.secgroup.allocate(templateText({ NAME: name }, { RULE: rules.map(ruleVector) }, attributes));
  },
  async look(client, id, known) {
    const found = await client.secgroup.info(id);
    const attributes = writtenAttributes(found, known?.attributes);
    return { inputs: { name: found.name, rules: known?.rules ?? [], attributes }, outputs: {} };
  },
  async update(client, id, { name, rules, attributes }, olds) {
    if (name !== olds.name) await client.secgroup.rename(id, name);
    await client.secgroup.update(id, templateText({ RULE: rules.map(ruleVector) }, attributes), UPDATE.REPLACE);
  },
  async remove(client, id) {
    await client.secgroup.delete(id);
  },
});

function ruleVector({ protocol, direction, ports, ip, size, networkId }: z.output<typeof rule>) {
  const vector = { PROTOCOL: protocol, RULE_TYPE: direction, RANGE: ports, IP: ip, SIZE: size, NETWORK_ID: networkId };
  return Object.fromEntries(Object.entries(vector).filter(([, value]) => value !== undefined)) as Record<
    string,
    string | number
  >;
}
