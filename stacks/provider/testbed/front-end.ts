import * as z from 'zod';
import { STAND_IN_HUB } from '../../../src/sandbox/configuration.ts';
import { findAccess, findCloud } from '../../../src/sandbox/front-end.ts';
import { samplePath } from '../../../src/sandbox/image-source.ts';
import { sampleStep } from '../../../src/sandbox/plan.ts';
import { sandboxInput } from './sandbox-input.ts';
import { type Site, testbedResource } from './testbed-resource.ts';

export const frontEnd = testbedResource({
  name: 'FrontEnd',
  description: 'OpenNebula on the machine `frontend`. It exists as soon as its API answers; it goes with its machine.',
  inputs: {
    sample: z
      .boolean()
      .default(true)
      .describe('Whether it has the sample image, a small web server that needs no Internet.'),
  },
  outputs: {
    endpoint: z.string().describe('URL of the XML-RPC API.'),
    session: z.string().describe('`user:password` of oneadmin.'),
    connection: z
      .object({ sandbox: sandboxInput })
      .describe('`connection` of resources of this OpenNebula; they are gone when its machine is gone.'),
    samplePath: z.string().describe('`path` of an Image that is made of the sample.'),
  },
  secrets: ['session'],

  async ensure(site, { sample }) {
    await site.ensure('front-end', {}, sample ? [sampleStep(site.sandbox)] : []);
    return describe(site);
  },

  async look(site, _part, known) {
    const { services, sandbox } = site;
    const cloud = await findCloud(services, sandbox.name, await services.testbed.look(sandbox.name));
    return cloud && { inputs: { sample: known?.sample ?? true }, outputs: await describe(site) };
  },

  async remove() {
    // It goes with its machine.
  },
});

async function describe({ sandbox, services }: Site) {
  const { endpoint, session } = await findAccess(services, sandbox.name);
  return {
    endpoint,
    session,
    connection: { sandbox },
    samplePath: samplePath({ standInHub: sandbox.hub === STAND_IN_HUB }),
  };
}
