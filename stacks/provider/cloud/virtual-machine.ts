import { z } from 'zod';
import type { Client } from '../../../src/opennebula/client/client.ts';
import { UPDATE } from '../../../src/opennebula/client/constants.ts';
import type { Vm } from '../../../src/opennebula/client/views.ts';
import { waitForVm } from '../../../src/opennebula/client/wait.ts';
import { attributesInput, templateText } from './attributes.ts';
import { cloudResource } from './cloud-resource.ts';
import { writtenAttributes } from './documents.ts';

type PowerState = 'RUNNING' | 'POWEROFF';

export const virtualMachine = cloudResource({
  name: 'VirtualMachine',
  description: 'A VM: with ONEDock drivers a container with an address of its own.',
  inputs: {
    name: z.string().min(1).max(128),
    templateId: z.int().min(0).optional().describe('Template that it is an instance of.'),
    cpu: z.number().positive().optional().describe('Cores; needed without a template.'),
    memoryMb: z.int().positive().optional().describe('Needed without a template.'),
    state: z.enum<PowerState[]>(['RUNNING', 'POWEROFF']).default('RUNNING').describe('Whether it is to be on.'),
    attributes: attributesInput.describe(
      'More of its template: DISK, NIC, CONTEXT, …; they replace those of a template.',
    ),
    labels: attributesInput.describe('Attributes of the user’s own (USER_TEMPLATE), which can change while it lives.'),
  },
  outputs: {
    addresses: z.array(z.string()).describe('IPv4 addresses of its NICs, in order.'),
    hostName: z.string(),
    deployId: z.string(),
  },
  replaceOn: ['templateId', 'cpu', 'memoryMb', 'attributes'],
  deleteBeforeReplace: false,
  async create(client, inputs, signal) {
    const { name, templateId, cpu, memoryMb, state, attributes, labels } = inputs;
    const text = templateText({ CPU: cpu, MEMORY: memoryMb }, attributes, labels);
    const id =
      templateId === undefined
        ? await client.vm.allocate(`${templateText({ NAME: name })}\n${text}`)
        : await client.template.instantiate(templateId, name, false, text);
    await waitForVm(client, id, 'RUNNING', { signal });
    if (state === 'POWEROFF') await bringTo(client, id, state, signal);
    return id;
  },
  async look(client, id, known) {
    const found = await client.vm.info(id);
    if (found.state === 'DONE') return undefined;
    return {
      inputs: {
        name: found.name,
        templateId: known?.templateId,
        cpu: known?.cpu === undefined ? undefined : found.number('TEMPLATE/CPU'),
        memoryMb: known?.memoryMb === undefined ? undefined : found.number('TEMPLATE/MEMORY'),
        state: powerState(found),
        attributes: known?.attributes ?? {},
        labels: writtenAttributes(found, known?.labels, 'USER_TEMPLATE'),
      },
      outputs: { addresses: found.addresses, hostName: found.hostName, deployId: found.deployId },
    };
  },
  async update(client, id, { name, state, labels }, olds, signal) {
    if (name !== olds.name) await client.vm.rename(id, name);
    if (templateText(labels) !== templateText(olds.labels))
      await client.vm.update(id, templateText(labels), UPDATE.REPLACE);
    await bringTo(client, id, state, signal);
  },
  async remove(client, id, _known, signal) {
    const { hasFailed } = await client.vm.info(id);
    if (hasFailed) await client.vm.recover(id, 3);
    else await client.vm.action('terminate-hard', id);
    await waitForVm(client, id, 'DONE', { signal });
  },
});

function powerState({ isRunning }: Vm): PowerState {
  return isRunning ? 'RUNNING' : 'POWEROFF';
}

async function bringTo(client: Client, id: number, state: PowerState, signal: AbortSignal): Promise<void> {
  if (powerState(await client.vm.info(id)) === state) return;
  await client.vm.action(state === 'RUNNING' ? 'resume' : 'poweroff', id);
  await waitForVm(client, id, state, { signal });
}
