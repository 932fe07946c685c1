import * as z from 'zod';
import { UPDATE } from '../../../src/opennebula/client/constants.ts';
import { waitForHost } from '../../../src/opennebula/client/wait.ts';
import { attributesInput } from './attributes.ts';
import { cloudResource } from './cloud-resource.ts';
import { rewritten, writtenAttributes } from './documents.ts';

export const host = cloudResource({
  name: 'Host',
  description: 'A machine on which VMs run, as OpenNebula knows it.',
  inputs: {
    name: z.string().min(1).max(128).describe('Name or address by which the front-end reaches it.'),
    monitoringDriver: z.string().default('onedock').describe('IM_MAD.'),
    virtualizationDriver: z.string().default('onedock').describe('VM_MAD.'),
    clusterId: z.int().min(0).default(0),
    attributes: attributesInput,
  },
  outputs: {
    state: z.string().describe('OpenNebula’s name of the state, MONITORED when VMs can run.'),
    cpuPercent: z.number().describe('Capacity, 100 a core.'),
    memoryKb: z.number(),
  },
  replaceOn: ['name', 'monitoringDriver', 'virtualizationDriver'],
  async create(client, { name, monitoringDriver, virtualizationDriver, clusterId }) {
    return client.host.allocate(name, monitoringDriver, virtualizationDriver, clusterId);
  },
  async look(client, id, known) {
    const found = await client.host.info(id);
    return {
      inputs: {
        name: found.name,
        monitoringDriver: found.text('IM_MAD'),
        virtualizationDriver: found.text('VM_MAD'),
        clusterId: found.clusterId,
        attributes: writtenAttributes(found, known?.attributes),
      },
      outputs: {
        state: found.state,
        cpuPercent: found.number('HOST_SHARE/TOTAL_CPU'),
        memoryKb: found.number('HOST_SHARE/TOTAL_MEM'),
      },
    };
  },
  async update(client, id, { clusterId, attributes }, olds, signal) {
    const found = await client.host.info(id);
    if (clusterId !== found.clusterId) await client.cluster.addhost(clusterId, id);
    const template = rewritten(found, attributes, olds?.attributes);
    if (template !== undefined) await client.host.update(id, template, UPDATE.REPLACE);
    // One that an operator has set aside stays so.
    if (found.state !== 'DISABLED' && found.state !== 'OFFLINE') await waitForHost(client, id, 'MONITORED', { signal });
  },
  async remove(client, id) {
    await client.host.delete(id);
  },
});
