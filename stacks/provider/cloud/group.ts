import { z } from 'zod';
import { UPDATE } from '../../../src/opennebula/client/constants.ts';
import { attributesInput, templateText } from './attributes.ts';
import { cloudResource } from './cloud-resource.ts';
import { writtenAttributes } from './documents.ts';
import { quotaInput, quotaText } from './quota.ts';

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
  async create(client, { name, quota, attributes }) {
    const id = await client.group.allocate(name);
    const [template, limits] = [templateText(attributes), quotaText(quota)];
    if (template) await client.group.update(id, template, UPDATE.APPEND);
    if (limits) await client.group.quota(id, limits);
    return id;
  },
  async look(client, id, known) {
    const found = await client.group.info(id);
    return {
      inputs: { name: found.name, quota: known?.quota ?? {}, attributes: writtenAttributes(found, known?.attributes) },
      outputs: { userIds: found.userIds },
    };
  },
  async update(client, id, { quota, attributes }, olds) {
    if (quotaText(quota) !== quotaText(olds.quota)) await client.group.quota(id, quotaText(quota));
    if (templateText(attributes) !== templateText(olds.attributes))
      await client.group.update(id, templateText(attributes), UPDATE.REPLACE);
  },
  async remove(client, id) {
    await client.group.delete(id);
  },
});
