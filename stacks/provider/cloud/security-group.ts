import * as z from 'zod';
import { UPDATE } from '../../../src/opennebula/client/constants.ts';
import type { Vector } from '../../../src/opennebula/template.ts';
import { attributesInput, templateText } from './attributes.ts';
import { cloudResource } from './cloud-resource.ts';
import { rewritten, templateOf, writtenAttributes } from './documents.ts';

const rule = z.strictObject({
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
    const rules = templateOf(found).vectors('RULE').map(ruleOf);
    return { inputs: { name: found.name, rules, attributes }, outputs: {} };
  },
  async update(client, id, { name, rules, attributes }, olds) {
    const found = await client.secgroup.info(id);
    if (name !== found.name) await client.secgroup.rename(id, name);
    const template = rewritten(found, { ...attributes, RULE: rules.map(ruleVector) }, olds?.attributes);
    if (template !== undefined) await client.secgroup.update(id, template, UPDATE.REPLACE);
  },
  async remove(client, id) {
    await client.secgroup.delete(id);
  },
});

type Rule = z.output<typeof rule>;

function ruleOf(vector: Vector): Rule {
  const { PROTOCOL, RULE_TYPE, RANGE, IP, SIZE, NETWORK_ID } = vector;
  return {
    protocol: PROTOCOL?.toUpperCase() as Rule['protocol'],
    direction: RULE_TYPE?.toUpperCase() as Rule['direction'],
    ports: RANGE,
    ip: IP,
    size: SIZE === undefined ? undefined : Number(SIZE),
    networkId: NETWORK_ID === undefined ? undefined : Number(NETWORK_ID),
  };
}

function ruleVector({ protocol, direction, ports, ip, size, networkId }: Rule) {
  const vector = { PROTOCOL: protocol, RULE_TYPE: direction, RANGE: ports, IP: ip, SIZE: size, NETWORK_ID: networkId };
  return Object.fromEntries(Object.entries(vector).filter(([, value]) => value !== undefined)) as Record<
    string,
    string | number
  >;
}
