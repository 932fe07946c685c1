import * as z from 'zod';
import { UPDATE } from '../../../src/opennebula/client/constants.ts';
import { attributesInput } from './attributes.ts';
import { cloudResource } from './cloud-resource.ts';
import { rewritten, writtenAttributes } from './documents.ts';
import { quotaChanges, quotaInput, quotaOf } from './quota.ts';

export const group = cloudResource({
  name: 'Group',
  description: 'Users with shared rights and limits.',
  inputs: {
    name: z.string().min(1).max(128).describe('Unique in the cloud.'),
    quota: quotaInput,
    attributes: attributesInput,
  },
  outputs: { userIds: z.array(z.number()) },
  replaceOn: ['name'],
  async create(client, { name }) {
    return client.group.allocate(name);
  },
  async look(client, id, known) {
    const found = await client.group.info(id);
    const { attributes, quota } = known ?? {};
    return {
      inputs: { name: found.name, quota: quotaOf(found, quota), attributes: writtenAttributes(found, attributes) },
      outputs: { userIds: found.userIds },
    };
  },
  async update(client, id, { quota, attributes }, olds) {
    const found = await client.group.info(id);
    const limits = quotaChanges(found, quota, olds?.quota);
    if (limits !== '') await client.group.quota(id, limits);
    const template = rewritten(found, attributes, olds?.attributes);
    if (template !== undefined) await client.group.update(id, template, UPDATE.REPLACE);
  },
  async remove(client, id) {
    await client.group.delete(id);
  },
});
