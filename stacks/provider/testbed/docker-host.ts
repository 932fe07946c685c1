import * as z from 'zod';
import { clientOf, findCloud } from '../../../src/sandbox/front-end.ts';
import { unregisterHost } from '../../../src/sandbox/hosts.ts';
import type { SandboxState } from '../../../src/sandbox/state.ts';
import { fail } from '../../errors.ts';
import { machineName } from './machine.ts';
import { testbedResource } from './testbed-resource.ts';

export const dockerHost = testbedResource({
  name: 'DockerHost',
  description: 'A machine of a sandbox as a host of its OpenNebula: registered and monitored, so that VMs run there.',
  inputs: {
    machine: machineName.describe('Name of the machine, `host-1` to `host-32`.'),
    force: z.boolean().default(false).describe('Whether VMs that run there are terminated when it is removed.'),
  },
  outputs: {
    hostId: z.number().describe('Id in OpenNebula.'),
    state: z.string().describe('OpenNebula’s name of the state, MONITORED when VMs can run.'),
  },
  replaceOn: ['machine'],
  contradictions: ({ machine }) => (machine === 'frontend' ? [{ property: 'machine', reason: 'runs no VMs' }] : []),
  part: ({ machine }) => machine,

  async ensure(site, { machine }) {
    const found = describe(machine, await site.ensure(`host:${machine}`));
    if (!found) throw fail('STACK_RESOURCE_GONE', { resource: 'DockerHost', id: `${site.sandbox.name}/${machine}` });
    return found;
  },

  async look({ sandbox, services }, part, known) {
    const testbed = await services.testbed.look(sandbox.name);
    const outputs = describe(part, { testbed, cloud: await findCloud(services, sandbox.name, testbed) });
    return outputs && { inputs: { machine: part, force: known?.force ?? false }, outputs };
  },

  async remove({ sandbox, services, run }, { machine, force }) {
    const testbed = await services.testbed.look(sandbox.name);
    const cloud = await findCloud(services, sandbox.name, testbed);
    // An OpenNebula that does not answer takes no leave; its machine goes, or the host shows as failed there.
    if (!cloud?.hosts.some(({ name }) => name === machine)) return;
    using client = await clientOf(services, sandbox.name, testbed);
    await unregisterHost(client, { host: machine, force }, run);
  },
});

/** Undefined unless VMs can run there: its machine is on, and OpenNebula has it and sees it. */
function describe(machine: string, { testbed, cloud }: SandboxState) {
  const isOn = testbed.machines.some(({ name, running }) => name === machine && running);
  const host = cloud?.hosts.find(({ name }) => name === machine);
  return isOn && host && host.state !== 'ERROR' ? { hostId: host.id, state: host.state } : undefined;
}
