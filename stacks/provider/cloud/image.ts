import * as z from 'zod';
import { UPDATE } from '../../../src/opennebula/client/constants.ts';
import { waitUntil } from '../../../src/opennebula/client/wait.ts';
import { IMAGE_TYPE, type ImageType } from '../../../src/opennebula/numbers.ts';
import { attributesInput, templateText } from './attributes.ts';
import { cloudResource, isGone } from './cloud-resource.ts';
import { rewritten, writtenAttributes } from './documents.ts';

const LONGEST_COPY_SECONDS = 3600;

const IMAGE_TYPES = Object.keys(IMAGE_TYPE) as [ImageType, ...ImageType[]];

export const image = cloudResource({
  name: 'Image',
  description: 'A disk for VMs: a container image from a registry or a file, or an empty data disk.',
  inputs: {
    name: z.string().min(1).max(128).describe('Unique for its owner.'),
    datastoreId: z.int().min(0),
    path: z.string().optional().describe('Where it comes from: `docker://alpine:3.20`, or a file on the front-end.'),
    type: z.enum(IMAGE_TYPES).default('OS'),
    sizeMb: z.int().positive().optional().describe('Of an empty disk.'),
    fileSystem: z.string().optional().describe('Of an empty disk: ext4, xfs, …'),
    persistent: z.boolean().default(false).describe('Whether what a VM writes is kept in the image.'),
    attributes: attributesInput,
  },
  outputs: { state: z.string(), actualSizeMb: z.number(), source: z.string() },
  replaceOn: ['datastoreId', 'path', 'type', 'sizeMb', 'fileSystem'],
  // Nothing brings an image back whose copying has failed.
  brokenBy: ({ state }) => (state === 'ERROR' ? 'state' : undefined),
  contradictions: ({ path, sizeMb }) =>
    path === undefined && sizeMb === undefined
      ? [{ property: 'path', reason: 'is needed unless there is a sizeMb' }]
      : [],
  async create(client, { name, datastoreId, path, type, sizeMb, fileSystem, persistent, attributes }) {
    const own = { NAME: name, TYPE: type, PATH: path, SIZE: sizeMb, FS: fileSystem, PERSISTENT: persistent };
    return client.image.allocate(templateText(own, attributes), datastoreId);
  },
  async look(client, id, known) {
    const found = await client.image.info(id);
    return {
      inputs: {
        name: found.name,
        datastoreId: found.datastoreId,
        path: known?.path ?? (found.text('PATH') || undefined),
        type: IMAGE_TYPES.find((type) => IMAGE_TYPE[type] === found.number('TYPE')) ?? 'OS',
        sizeMb: known?.sizeMb,
        fileSystem: known?.fileSystem,
        persistent: found.isPersistent,
        attributes: writtenAttributes(found, known?.attributes),
      },
      outputs: { state: found.state, actualSizeMb: found.sizeMb, source: found.source },
    };
  },
  async update(client, id, { name, persistent, attributes }, olds, signal) {
    const found = await waitUntil({
      awaited: `Image ${id} can be used`,
      signal,
      look: () => client.image.info(id),
      done: ({ state }) => state !== 'LOCKED' && state !== 'INIT' && state !== 'ERROR',
      hopeless: (seen) => (seen.state === 'ERROR' ? seen.error || 'The datastore driver failed.' : undefined),
      describe: ({ state }) => state,
      timeoutSeconds: LONGEST_COPY_SECONDS,
    });
    if (name !== found.name) await client.image.rename(id, name);
    if (persistent !== found.isPersistent) await client.image.persistent(id, persistent);
    const template = rewritten(found, attributes, olds?.attributes);
    if (template !== undefined) await client.image.update(id, template, UPDATE.REPLACE);
  },
  async remove(client, id, _known, signal) {
    await client.image.delete(id);
    await waitUntil({
      awaited: `Image ${id} gone`,
      signal,
      look: () => client.image.info(id).catch((error: unknown) => (isGone(error) ? undefined : Promise.reject(error))),
      done: (found) => found === undefined,
      hopeless: (found) => (found?.state === 'ERROR' ? found.error : undefined),
      describe: (found) => found?.state ?? 'gone',
    });
  },
});
