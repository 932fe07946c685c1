import * as z from 'zod';
import type { Client } from '../../../src/opennebula/client/client.ts';
import { RECOVER, UPDATE } from '../../../src/opennebula/client/constants.ts';
import type { Vm } from '../../../src/opennebula/client/views.ts';
import { waitForVm } from '../../../src/opennebula/client/wait.ts';
import { attributesInput, templateText } from './attributes.ts';
import { cloudResource } from './cloud-resource.ts';
import { rewritten, writtenAttributes } from './documents.ts';

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
  contradictions: ({ templateId, cpu, memoryMb }) =>
    Object.entries({ cpu, memoryMb })
      .filter(([, value]) => templateId === undefined && value === undefined)
      .map(([property]) => ({ property, reason: 'is needed unless there is a templateId' })),
  async create(client, { name, templateId, cpu, memoryMb, attributes, labels }) {
    const text = templateText({ CPU: cpu, MEMORY: memoryMb }, attributes, labels);
    return templateId === undefined
      ? client.vm.allocate(`${templateText({ NAME: name })}\n${text}`)
      : client.template.instantiate(templateId, name, false, text);
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
    const found = await client.vm.info(id);
    if (name !== found.name) await client.vm.rename(id, name);
    const template = rewritten(found, labels, olds?.labels, 'USER_TEMPLATE');
    if (template !== undefined) await client.vm.update(id, template, UPDATE.REPLACE);
    if (found.state === state) return;
    if (!found.isRunning) await turnOn(client, id, signal);
    if (state === 'POWEROFF') await turnOff(client, id, signal);
  },
  async remove(client, id, _known, signal) {
    const { hasFailed } = await client.vm.info(id);
    if (hasFailed) await client.vm.recover(id, RECOVER.DELETE);
    else await client.vm.action('terminate-hard', id);
    await waitForVm(client, id, 'DONE', { signal });
  },
});

function powerState({ isRunning }: Vm): PowerState {
  return isRunning ? 'RUNNING' : 'POWEROFF';
}

/** States that a user's `resume` leads out of. */
const RESUMABLE: ReadonlySet<string> = new Set(['POWEROFF', 'SUSPENDED', 'STOPPED', 'UNDEPLOYED', 'UNKNOWN']);

/** Brings a VM to RUNNING from wherever it is. What has failed is tried again. */
async function turnOn(client: Client, id: number, signal: AbortSignal): Promise<void> {
  const vm = await client.vm.info(id);
  if (vm.hasFailed) await client.vm.recover(id, RECOVER.RETRY);
  else if (vm.state === 'HOLD') await client.vm.action('release', id);
  else if (RESUMABLE.has(vm.state === 'ACTIVE' ? vm.lcmState : vm.state)) await client.vm.action('resume', id);
  await waitForVm(client, id, 'RUNNING', { signal });
}

async function turnOff(client: Client, id: number, signal: AbortSignal): Promise<void> {
  await client.vm.action('poweroff', id);
  await waitForVm(client, id, 'POWEROFF', { signal });
}
