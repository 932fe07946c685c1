import * as z from 'zod';
import { UPDATE } from '../../../src/opennebula/client/constants.ts';
import { waitUntil } from '../../../src/opennebula/client/wait.ts';
import { DATASTORE_TYPE, type DatastoreType } from '../../../src/opennebula/numbers.ts';
import { attributesInput, templateText } from './attributes.ts';
import { cloudResource } from './cloud-resource.ts';
import { rewritten, writtenAttributes } from './documents.ts';

/** OpenNebula looks at datastores every five minutes (MONITORING_INTERVAL_DATASTORE, 7.4). */
const LONGEST_MONITORING_SECONDS = 600;

export const datastore = cloudResource({
  name: 'Datastore',
  description: 'A place for images, or for the disks of running VMs.',
  inputs: {
    name: z.string().min(1).max(128).describe('Unique in the cloud.'),
    type: z.enum(Object.keys(DATASTORE_TYPE) as [DatastoreType, ...DatastoreType[]]).default('IMAGE_DS'),
    datastoreDriver: z.string().default('onedock').describe('DS_MAD; a system datastore has none.'),
    transferDriver: z.string().default('onedock').describe('TM_MAD.'),
    clusterId: z.int().min(0).default(0).describe('The cluster that it starts in.'),
    attributes: attributesInput,
  },
  outputs: { totalMb: z.number(), freeMb: z.number(), basePath: z.string() },
  replaceOn: ['type', 'datastoreDriver', 'transferDriver', 'clusterId'],
  async create(client, { name, type, datastoreDriver, transferDriver, clusterId, attributes }) {
    const driver = type === 'SYSTEM_DS' ? undefined : datastoreDriver;
    const template = templateText({ NAME: name, TYPE: type, DS_MAD: driver, TM_MAD: transferDriver }, attributes);
    return client.datastore.allocate(template, clusterId);
  },
  async look(client, id, known) {
    const found = await client.datastore.info(id);
    return {
      inputs: {
        name: found.name,
        type: found.type,
        datastoreDriver: found.type === 'SYSTEM_DS' ? (known?.datastoreDriver ?? 'onedock') : found.driver,
        transferDriver: found.text('TM_MAD'),
        clusterId: known?.clusterId ?? found.number('CLUSTERS/ID'),
        attributes: writtenAttributes(found, known?.attributes),
      },
      outputs: {
        totalMb: found.number('TOTAL_MB'),
        freeMb: found.number('FREE_MB'),
        basePath: found.text('BASE_PATH'),
      },
    };
  },
  async update(client, id, { name, attributes }, olds, signal) {
    // Before its space is known no image can be registered in it.
    const found = await waitUntil({
      awaited: `Datastore ${id} monitored`,
      signal,
      look: () => client.datastore.info(id),
      done: (seen) => seen.type !== 'IMAGE_DS' || seen.number('TOTAL_MB') > 0,
      describe: () => 'of unknown size',
      timeoutSeconds: LONGEST_MONITORING_SECONDS,
    });
    if (name !== found.name) await client.datastore.rename(id, name);
    const template = rewritten(found, attributes, olds?.attributes);
    if (template !== undefined) await client.datastore.update(id, template, UPDATE.REPLACE);
  },
  async remove(client, id) {
    await client.datastore.delete(id);
  },
});
