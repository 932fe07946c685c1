import * as z from 'zod';
import { reasonOf } from '../../../src/errors/thrown.ts';
import { waitUntil } from '../../../src/opennebula/client/wait.ts';
import { FRONT_END } from '../../../src/sandbox/layout.ts';
import type { TestbedState } from '../../../src/sandbox/testbed.ts';
import { fail } from '../../errors.ts';
import { askRegistry, type RegistryAccess, readRegistry } from './registry-access.ts';
import { type Site, testbedResource } from './testbed-resource.ts';

export const registry = testbedResource({
  name: 'Registry',
  description:
    'The private registry in which a sandbox keeps its images, on the machine `frontend`. It exists while it answers who knows its password; it goes with its machine.',
  inputs: {},
  outputs: {
    server: z.string().describe('Name and port by which machines of the sandbox know it.'),
    address: z.string().describe('IPv4 address and port.'),
    user: z.string(),
    password: z.string(),
    authority: z.string().describe('Certificate of the authority that signed its own (PEM).'),
  },
  secrets: ['password'],

  async ensure(site) {
    const { testbed } = await site.ensure(`machine:${FRONT_END}`);
    const access = await readAccess(site, testbed);
    if (!access) throw fail('STACK_RESOURCE_GONE', { resource: 'Registry', id: site.sandbox.name });
    await waitUntil({
      awaited: `Registry ${access.address}`,
      look: () => answerOf(access, site.run.signal),
      done: (answer) => answer === ANSWERS,
      describe: (answer) => answer,
      timeoutSeconds: site.sandbox.readyTimeoutSeconds,
      signal: site.run.signal,
    });
    return access;
  },

  async look(site) {
    const access = await readAccess(site, await site.services.testbed.look(site.sandbox.name));
    if (!access) return undefined;
    const answers = (await answerOf(access, site.run.signal)) === ANSWERS;
    return answers ? { inputs: {}, outputs: access } : undefined;
  },

  async remove() {
    // It goes with its machine.
  },
});

const ANSWERS = 'answers';

/** Whether it answers, or else why not. */
function answerOf(access: RegistryAccess, signal: AbortSignal): Promise<string> {
  return askRegistry(access, signal).then(() => ANSWERS, reasonOf);
}

/** Undefined unless its machine is on. */
async function readAccess({ sandbox, services }: Site, { machines }: TestbedState) {
  const found = machines.find(({ name }) => name === FRONT_END);
  if (!found?.running) return undefined;
  await using frontEnd = services.testbed.transport(sandbox.name, FRONT_END);
  return readRegistry(frontEnd, found.address);
}
