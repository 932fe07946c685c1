import * as z from 'zod';
import { configurationSchema } from '../../../src/sandbox/configuration.ts';
import { down } from '../../../src/sandbox/down.ts';
import type { Subnets } from '../../../src/sandbox/free-subnets.ts';
import { BRIDGE, networkRanges } from '../../../src/sandbox/layout.ts';
import { findNameServers } from '../../../src/sandbox/name-servers.ts';
import type { Services } from '../../../src/sandbox/services.ts';
import { type Site, testbedResource } from './testbed-resource.ts';

const { management, vms } = configurationSchema.in.shape.subnets.unwrap().shape;

/** How many addresses VMs can lease. */
const VM_ADDRESSES = 1000;

export const network = testbedResource({
  name: 'Network',
  description:
    'The networks of a sandbox: that of its machines and that of its VMs. Deleting it removes all that carries the sandbox’s label, and fails where anything is left.',
  inputs: { management, vms },
  outputs: {
    subnets: z.object({ management: z.string(), vms: z.string() }).describe('The networks that it has.'),
    vmNetwork: z
      .object({
        driver: z.string(),
        bridge: z.string(),
        physicalDevice: z.string(),
        addressRanges: z.array(z.object({ ip: z.string(), size: z.number() })),
        attributes: z.record(z.string(), z.string()),
      })
      .describe('Inputs of a VirtualNetwork whose VMs are reached from this machine.'),
  },
  replaceOn: ['management', 'vms'],
  ofAllMachines: true,

  async ensure(site, wish) {
    const { testbed } = await site.ensure('subnets', definedOf(wish));
    return describe(testbed.networks as Subnets, site.services);
  },

  async look(site, _part, known) {
    const { networks } = await site.services.testbed.look(site.sandbox.name);
    if (networks === undefined) return undefined;
    // What was chosen for want of a wish is none.
    const inputs = {
      management: known?.management && networks.management,
      vms: known?.vms && networks.vms,
    };
    return { inputs, outputs: await describe(networks, site.services) };
  },

  async remove({ sandbox, services, run }: Site) {
    await down(sandbox.name, services, run);
  },
});

function definedOf(wish: { [Network in keyof Subnets]?: string | undefined }): Partial<Subnets> {
  const { management, vms } = wish;
  return { ...(management !== undefined && { management }), ...(vms !== undefined && { vms }) };
}

async function describe({ management, vms }: Subnets, { testbed }: Pick<Services, 'testbed'>) {
  const ranges = networkRanges([{ name: '', size: VM_ADDRESSES }], { management, vms });
  const nameServers = await findNameServers();
  const { port, mtu } = testbed.vmNetwork;
  return {
    subnets: { management, vms },
    vmNetwork: {
      driver: 'bridge',
      bridge: BRIDGE,
      physicalDevice: port,
      addressRanges: ranges.map(({ firstAddress, size }) => ({ ip: firstAddress, size })),
      attributes: {
        NETWORK_ADDRESS: ranges[0]?.networkAddress ?? '',
        NETWORK_MASK: ranges[0]?.netmask ?? '',
        GATEWAY: ranges[0]?.gateway ?? '',
        ...(nameServers.length > 0 && { DNS: nameServers.join(' ') }),
        ...(mtu !== undefined && { MTU: String(mtu) }),
      },
    },
  };
}
