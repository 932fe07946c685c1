import * as z from 'zod';
import { UPDATE } from '../../../src/opennebula/client/constants.ts';
import type { User } from '../../../src/opennebula/client/views.ts';
import { findAll } from '../../../src/opennebula/xml.ts';
import { attributesInput } from './attributes.ts';
import { cloudResource } from './cloud-resource.ts';
import { rewritten, writtenAttributes } from './documents.ts';
import { quotaChanges, quotaInput, quotaOf } from './quota.ts';

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
  async create(client, { name, password, authDriver, groupIds }) {
    return client.user.allocate(name, password, authDriver, groupIds);
  },
  async look(client, id, known) {
    const found = await client.user.info(id);
    return {
      inputs: {
        name: found.name,
        // Only its digest can be read back.
        password: known?.password ?? '',
        authDriver: found.text('AUTH_DRIVER'),
        groupIds: inOrderOf(known?.groupIds ?? [], groupsOf(found)),
        quota: quotaOf(found, known?.quota),
        attributes: writtenAttributes(found, known?.attributes),
      },
      outputs: {},
    };
  },
  async update(client, id, { password, groupIds, quota, attributes }, olds) {
    const found = await client.user.info(id);
    if (olds && password !== olds.password) await client.user.passwd(id, password);
    const [primary] = groupIds;
    if (primary !== undefined && primary !== found.groupId) await client.user.chgrp(id, primary);
    // A change of the primary group may add it and take the former one away.
    const groups = groupsOf(await client.user.info(id));
    for (const group of groupIds) if (!groups.includes(group)) await client.user.addgroup(id, group);
    for (const group of groups) if (!groupIds.includes(group)) await client.user.delgroup(id, group);
    const limits = quotaChanges(found, quota, olds?.quota);
    if (limits !== '') await client.user.quota(id, limits);
    const template = rewritten(found, attributes, olds?.attributes);
    if (template !== undefined) await client.user.update(id, template, UPDATE.REPLACE);
  },
  async remove(client, id) {
    await client.user.delete(id);
  },
});

/** The primary one first. */
function groupsOf(user: User): number[] {
  const all = findAll(user.element, 'GROUPS/ID').map(({ text }) => Number(text));
  return [user.groupId, ...all.filter((group) => group !== user.groupId)];
}

/** OpenNebula keeps no order beyond the primary group; the one that was written is no difference. */
function inOrderOf(written: readonly number[], [primary, ...others]: readonly number[]): number[] {
  const rank = (group: number) => (written.includes(group) ? written.indexOf(group) : written.length);
  return [...(primary === undefined ? [] : [primary]), ...others.toSorted((a, b) => rank(a) - rank(b))];
}
