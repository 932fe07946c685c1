/** What is done for each kind of step. */
import type { Client } from '../opennebula/client/client.ts';
import { rowFor } from '../opennebula/tables.ts';
import type { Perform, StepContext } from './apply.ts';
import { addressAt } from './cidr.ts';
import {
  ensureDatastore,
  ensureHost,
  ensureImage,
  ensureNetwork,
  ensureSystemDriver,
  ensureTemplate,
  ensureVm,
} from './cloud.ts';
import { SAMPLE_PATH, STAND_IN_HUB } from './configuration.ts';
import { ensureDummyHosts } from './dummy-hosts.ts';
import { connectToFrontEnd, waitForFrontEnd } from './front-end.ts';
import { deliverImage, deliverSample, samplePath } from './image-source.ts';
import { FRONT_END, FRONT_END_OFFSET } from './layout.ts';
import { findNameServers } from './name-servers.ts';
import { installPackaged } from './packaged-front-end.ts';
import { waitForPage, waitForPageFrom } from './page.ts';
import type { Services } from './services.ts';
import type { Site } from './site.ts';
import type { ImageStep, Step, StepKind, StepOfKind } from './step.ts';

type Performers = { readonly [Kind in StepKind]: (step: StepOfKind<Kind>, context: StepContext) => Promise<unknown> };

/** Performs steps on a site. Holds a connection to its front-end once one is needed. */
export function performerOn(site: Site, services: Services): { perform: Perform } & AsyncDisposable {
  let client: Promise<Client> | undefined;
  const connected = () => {
    client ??= connectToFrontEnd(services, site.configuration.name, site.subnets);
    return client;
  };

  const performers = performersOn(site, services, connected);
  return {
    perform: async (step, context) => {
      await rowFor<Step, [StepContext], Promise<unknown>>(performers, step)(step, context);
    },
    async [Symbol.asyncDispose]() {
      (await client?.catch(() => undefined))?.[Symbol.dispose]();
    },
  };
}

/** @param connected  the front-end's client */
function performersOn(site: Site, services: Services, connected: () => Promise<Client>): Performers {
  const { testbed, local } = services;
  const { name: sandbox, readyTimeoutSeconds: timeoutSeconds } = site.configuration;
  return {
    'machine-images': (_, { signal, output }) => testbed.ensureImages(output, signal),
    subnets: ({ spec }) => testbed.ensureNetworks(spec),
    machine: ({ spec }, { signal, output }) => testbed.ensureMachine(spec, output, signal),
    'front-end': async (_, { signal }) => waitForFrontEnd(await connected(), { timeoutSeconds, signal }),
    datastore: async ({ name, builders }, { signal }) => {
      if (site.configuration.frontEnd === 'opennebula') await ensureSystemDriver(await connected(), name);
      return ensureDatastore(await connected(), name, builders, { timeoutSeconds, signal });
    },
    packages: async (_, { output }) => {
      await using frontEnd = testbed.transport(sandbox, FRONT_END);
      await installPackaged(frontEnd, site, output);
    },
    network: async ({ range, zone, attributes, driver }) => {
      // Where VMs have names the front-end is asked alone, which asks others itself: a second server would deny the names.
      const { vms } = site.subnets;
      const nameServers = zone === undefined ? await findNameServers() : [addressAt(vms, FRONT_END_OFFSET)];
      const device = testbed.vmNetwork;
      return ensureNetwork(await connected(), range, { device, driver, zone, attributes, nameServers });
    },
    host: async ({ machine }, { signal }) => ensureHost(await connected(), machine, { timeoutSeconds, signal }),
    'dummy-hosts': async ({ count }, { signal }) =>
      ensureDummyHosts(await connected(), count, { timeoutSeconds, signal }),
    sample: async ({ standInHub }) => {
      await using frontEnd = testbed.transport(sandbox, FRONT_END);
      await deliverSample({ local, frontEnd }, { standInHub });
    },
    image: (step, context) => registerImage(step, context),
    template: async ({ template }) => ensureTemplate(await connected(), template),
    vm: async ({ vm }, { signal }) => ensureVm(await connected(), vm, { timeoutSeconds, signal }),
    page: async ({ vm, port }, { signal }) => {
      const found = (await (await connected()).vmpool.infoextended()).objects.find(({ name }) => name === vm);
      const url = `http://${found?.addresses[0]}:${port}/`;
      if (!testbed.forward) return waitForPage(vm, url, { timeoutSeconds, signal });
      await using frontEnd = testbed.transport(sandbox, FRONT_END);
      await waitForPageFrom(frontEnd, vm, url, { timeoutSeconds, signal });
    },
  };

  async function registerImage({ image }: ImageStep, { signal }: StepContext): Promise<void> {
    if (image.path === undefined || image.path === SAMPLE_PATH) {
      const path = image.path && samplePath({ standInHub: site.configuration.hub === STAND_IN_HUB });
      await ensureImage(await connected(), image, path, signal);
      return;
    }
    await using frontEnd = testbed.transport(sandbox, FRONT_END);
    const { path, discard } = await deliverImage({ local, frontEnd }, image.path, site.folder);
    try {
      await ensureImage(await connected(), image, path, signal);
    } finally {
      await discard();
    }
  }
}
