import * as z from 'zod';
import type { Subnets } from '../../../src/sandbox/free-subnets.ts';
import { MOST_HOSTS, machineSpec } from '../../../src/sandbox/layout.ts';
import { removeMachine } from '../../../src/sandbox/part.ts';
import type { TestbedState } from '../../../src/sandbox/testbed.ts';
import type { SandboxInput } from './sandbox-input.ts';
import { testbedResource } from './testbed-resource.ts';

export const machineName = z
  .string()
  .regex(/^(frontend|host-([1-9]|[12]\d|3[0-2]))$/, `must be frontend, or host-1 to host-${MOST_HOSTS}`);

export const machine = testbedResource({
  name: 'Machine',
  description:
    'A machine of a sandbox with all that its role needs: `frontend` OpenNebula and the registry, `host-<n>` a Docker Engine. Its id is `<sandbox>/<name>`, by which one that exists can be imported; where it is not one of LXC, as `<sandbox>/<name>@<path of its sandbox.yaml>`.',
  inputs: {
    name: machineName.describe('`frontend`, or `host-1` to `host-32`.'),
    running: z.literal(true).default(true).describe('A machine that was stopped by hand is started again.'),
  },
  outputs: {
    role: z.enum(['frontend', 'host']),
    address: z.string().describe('IPv4 on the network of the machines.'),
    vmNetworkAddress: z.string().describe('IPv4 on the network of the VMs.'),
  },
  replaceOn: ['name'],
  part: ({ name }) => name,

  async ensure(site, { name }) {
    const { testbed } = await site.ensure(`machine:${name}`);
    return describe(site.sandbox, name, testbed);
  },

  async look({ sandbox, services }, part) {
    const state = await services.testbed.look(sandbox.name);
    const found = state.machines.find(({ name }) => name === part);
    if (found === undefined) return undefined;
    // One that is stopped says what nobody can write, and that difference makes `up` start it.
    const inputs = { name: part, running: found.running as true };
    return { inputs, outputs: describe(sandbox, part, state) };
  },

  async remove({ sandbox, services, run }, { name }) {
    await removeMachine({ sandbox: sandbox.name, machine: name }, services, run);
  },
});

function describe(sandbox: SandboxInput, name: string, { networks, machines }: TestbedState) {
  const found = machines.find((each) => each.name === name);
  const { role, address, vmNetworkAddress } = machineSpec(sandbox, networks as Subnets, name);
  return { role, address: found?.address ?? address, vmNetworkAddress };
}
