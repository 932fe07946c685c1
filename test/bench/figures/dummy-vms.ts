/**
 * How many VMs the front-end itself can bring up: API, scheduler, life cycle and store are real, what drivers do is not.
 * Known of OpenNebula 7.4 on such a machine: 240 to 290 per minute.
 */
import pLimit from 'p-limit';
import { type Client, createClient } from '../../../src/opennebula/client/client.ts';
import { waitForVm } from '../../../src/opennebula/client/wait.ts';
import { startDummyFrontend } from '../../support/dummy-frontend.ts';
import type { Figure } from '../figure.ts';

const VMS = 500;
const CLIENTS = 16;
const TEMPLATE = 'CPU = "0.01"\nMEMORY = "1"\n';

export const dummyVms: Figure = {
  name: 'dummy-vms',
  title: 'dummy VMs to RUNNING, scheduled',
  unit: 'per minute',
  rounds: [3, 1],
  targets: [{ kind: 'value', limit: 6000 }],
  async prepare() {
    await using made = new AsyncDisposableStack();
    const frontend = made.use(await startDummyFrontend({ hosts: 4 }));
    const client = made.use(createClient(frontend));
    const all = made.move();
    return { ours: () => vmsPerMinute(client), [Symbol.asyncDispose]: () => all.disposeAsync() };
  },
};

async function vmsPerMinute(client: Client): Promise<number> {
  const limit = pLimit(CLIENTS);
  const started = performance.now();
  const ids = await Promise.all(Array.from({ length: VMS }, () => limit(() => client.vm.allocate(TEMPLATE))));
  await Promise.all(ids.map((id) => limit(() => waitForVm(client, id, 'RUNNING'))));
  const minutes = (performance.now() - started) / 60_000;
  await Promise.all(ids.map((id) => limit(() => client.vm.action('terminate-hard', id))));
  await Promise.all(ids.map((id) => limit(() => waitForVm(client, id, 'DONE'))));
  return VMS / minutes;
}
