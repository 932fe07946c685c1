import * as z from 'zod';
import { UPDATE } from '../../../src/opennebula/client/constants.ts';
import { attributesInput } from './attributes.ts';
import { cloudResource } from './cloud-resource.ts';
import { rewritten, writtenAttributes } from './documents.ts';

export const cluster = cloudResource({
  name: 'Cluster',
  description: 'A group of hosts, datastores and networks that can be used together.',
  inputs: {
    name: z.string().min(1).max(128).describe('Unique in the cloud.'),
    attributes: attributesInput,
  },
  outputs: { hostIds: z.array(z.number()).describe('Hosts in it.') },
  async create(client, { name }) {
    return client.cluster.allocate(name);
  },
  async look(client, id, known) {
    const found = await client.cluster.info(id);
    return {
      inputs: { name: found.name, attributes: writtenAttributes(found, known?.attributes) },
      outputs: { hostIds: found.hostIds },
    };
  },
  async update(client, id, { name, attributes }, olds) {
    const found = await client.cluster.info(id);
    if (name !== found.name) await client.cluster.rename(id, name);
    const template = rewritten(found, attributes, olds?.attributes);
    if (template !== undefined) await client.cluster.update(id, template, UPDATE.REPLACE);
  },
  async remove(client, id) {
    await client.cluster.delete(id);
  },
});
