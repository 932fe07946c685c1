import * as z from 'zod';
import { UPDATE } from '../../../src/opennebula/client/constants.ts';
import { attributesInput, templateText } from './attributes.ts';
import { cloudResource } from './cloud-resource.ts';
import { rewritten, writtenAttributes } from './documents.ts';

export const template = cloudResource({
  name: 'Template',
  description: 'A description of VMs, from which they are instantiated.',
  inputs: {
    name: z.string().min(1).max(128).describe('Unique for its owner.'),
    cpu: z.number().positive().describe('Cores.'),
    memoryMb: z.int().positive(),
    attributes: attributesInput,
  },
  outputs: {},
  async create(client, { name, cpu, memoryMb, attributes }) {
    return client.template.allocate(templateText({ NAME: name, CPU: cpu, MEMORY: memoryMb }, attributes));
  },
  async look(client, id, known) {
    const found = await client.template.info(id);
    return {
      inputs: {
        name: found.name,
        cpu: found.number('TEMPLATE/CPU'),
        memoryMb: found.number('TEMPLATE/MEMORY'),
        attributes: writtenAttributes(found, known?.attributes),
      },
      outputs: {},
    };
  },
  async update(client, id, { name, cpu, memoryMb, attributes }, olds) {
    const found = await client.template.info(id);
    if (name !== found.name) await client.template.rename(id, name);
    const template = rewritten(found, { ...attributes, CPU: cpu, MEMORY: memoryMb }, olds?.attributes);
    if (template !== undefined) await client.template.update(id, template, UPDATE.REPLACE);
  },
  async remove(client, id) {
    await client.template.delete(id);
  },
});
