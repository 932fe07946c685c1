import { z } from 'zod';
import { UPDATE } from '../../../src/opennebula/client/constants.ts';
import { attributesInput, templateText } from './attributes.ts';
import { cloudResource } from './cloud-resource.ts';
import { writtenAttributes } from './documents.ts';

export const cluster = cloudResource({
  name: 'Cluster',
  description: 'A group of hosts, datastores and networks that can be used together.',
  inputs: {
    name: z.string().min(1).max(128).describe('Unique in the cloud.'),
    attributes: attributesInput,
  },
  outputs: { hostIds: z.array(z.number()).describe('Hosts in it.') },
  async create(client, { name, attributes }) {
    const id = await client.cluster.allocate(name);
    const template = templateText(attributes);
    if (template) await client.cluster.update(id, template, UPDATE.APPEND);
    return id;
  },
  async look(client, id, known) {
    const found = await client.cluster.info(id);
    return {
      inputs: { name: found.name, attributes: writtenAttributes(found, known?.attributes) },
      outputs: { hostIds: found.hostIds },
    };
  },
  async update(client, id, { name, attributes }, olds) {
    if (name !== olds.name) await client.cluster.rename(id, name);
    await client.cluster.update(id, templateText(attributes), UPDATE.REPLACE);
  },
  async remove(client, id) {
    await client.cluster.delete(id);
  },
});
