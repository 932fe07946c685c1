import { z } from 'zod';
import { UPDATE } from '../../../src/opennebula/client/constants.ts';
import { attributesInput, templateText } from './attributes.ts';
import { cloudResource } from './cloud-resource.ts';
import { writtenAttributes } from './documents.ts';
import { quotaInput, quotaText } from './quota.ts';

export const user = cloudResource({
  name: 'User',
  description: 'Somebody who may use the cloud.',
  inputs: {
    name: z.string().min(1).max(128).describe('Unique in the cloud, without blanks.'),
    password: z.string().min(1),
    authDriver: z.string().default('core'),
    groupIds: z.array(z.int().min(0)).min(1).default([1]).describe('The first is the primary one.'),
    quota: quotaInput,
    attributes: attributesInput,
  },
  outputs: {},
  secrets: ['password'],
  replaceOn: ['name', 'authDriver'],
  async create(client, { name, password, authDriver, groupIds, quota, attributes }) {
    const id = await client.user.allocate(name, password, authDriver, groupIds);
    const [template, limits] = [templateText(attributes), quotaText(quota)];
    if (template) await client.user.update(id, template, UPDATE.APPEND);
    if (limits) await client.user.quota(id, limits);
    return id;
  },
  async look(client, id, known) {
    const found = await client.user.info(id);
    const groups =
      found.element.children.find(({ name }) => name === 'GROUPS')?.children.map((g) => Number(g.text)) ?? [];
    return {
      inputs: {
        name: found.name,
        // Only its digest can be read back.
        password: known?.password ?? '',
        authDriver: found.text('AUTH_DRIVER'),
        groupIds: [found.groupId, ...groups.filter((group) => group !== found.groupId)],
        quota: known?.quota ?? {},
        attributes: writtenAttributes(found, known?.attributes),
      },
      outputs: {},
    };
  },
  async update(client, id, { password, groupIds, quota, attributes }, olds) {
    if (password !== olds.password) await client.user.passwd(id, password);
    if (groupIds[0] !== olds.groupIds[0]) await client.user.chgrp(id, groupIds[0] as number);
    for (const group of groupIds) if (!olds.groupIds.includes(group)) await client.user.addgroup(id, group);
    for (const group of olds.groupIds) if (!groupIds.includes(group)) await client.user.delgroup(id, group);
    if (quotaText(quota) !== quotaText(olds.quota)) await client.user.quota(id, quotaText(quota));
    if (templateText(attributes) !== templateText(olds.attributes))
      await client.user.update(id, templateText(attributes), UPDATE.REPLACE);
  },
  async remove(client, id) {
    await client.user.delete(id);
  },
});
