/** Whatever is called in whatever order, and whatever drivers make of it: the books of the cloud are right. */
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { InProcessDrivers } from '../../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../../src/drivers/services.ts';
import { driverTable } from '../../../src/drivers/table.ts';
import { statesOf } from '../../../src/frontend/objects/phase.ts';
import { contradictionsIn } from '../../support/cloud-books.ts';
import { type CloudInProcess, startCloudInProcess } from '../../support/cloud-in-process.ts';
import { below, firstSeed, type Random, seededRandom } from '../../support/random.ts';
import { fillingCalls, nextCall, Playground, type RandomCall } from '../../support/random-calls.ts';
import { UnsteadyDrivers } from '../../support/unsteady-drivers.ts';

const SEQUENCES = Number(process.env.SEQUENCES ?? 5);
const CALLS_PER_SEQUENCE = 150;
const FAILING = 0.06;
/** Turns of the event loop between two calls, at most. */
const MOST_TURNS = 6;

const seeds = Array.from({ length: SEQUENCES }, (_, i) => firstSeed() + i);

describe('random calls of the API', () => {
  it.each(seeds)(
    'keep capacity, leases, images, quotas and deploy ids right (SEED=%i)',
    { timeout: 600_000 },
    async (seed) => {
      const random = seededRandom(seed);
      const drivers = new UnsteadyDrivers(new InProcessDrivers(driverTable, openServices()), random);
      await using cloud = await startCloudInProcess({ drivers });
      await cloud.user('alice');
      const contradictions = () => drivers.hold(() => contradictionsIn(cloud.oneadmin.call));
      const said: string[] = [];
      const ground = await makeGround(cloud);
      drivers.failing = FAILING;
      for (let i = 0; i < CALLS_PER_SEQUENCE; i++) {
        await play(cloud, nextCall(ground, random), said);
        await pass(below(MOST_TURNS, random));
        expect(await contradictions(), said.slice(-25).join('\n')).toEqual([]);
      }
      drivers.failing = 0;
      await cleanUp(cloud, ground, random, said);
      expect(await contradictions(), said.slice(-25).join('\n')).toEqual([]);
      expect(left(cloud)).toEqual({ vms: 0, leases: [], usedImages: [], capacity: 0 });
    },
  );
});

async function makeGround(cloud: CloudInProcess): Promise<Playground> {
  const template = 'NAME = "images"\nDS_MAD = "dummy"\nTM_MAD = "dummy"';
  const imageDatastoreId = await cloud.oneadmin.call('one.datastore.allocate', template, -1);
  const systemDatastoreId = cloud.cloud.pools.datastore.byName('dummy-system')?.id ?? -1;
  // What no dummy serves is not to be chosen.
  await cloud.oneadmin.call('one.datastore.enable', 0, false);
  await cloud.until(() => (cloud.cloud.pools.datastore.get(imageDatastoreId)?.freeMb ?? 0) > 0);
  const ground = new Playground({ imageDatastoreId, systemDatastoreId });
  for (const { method, params, made } of fillingCalls(ground)) made?.(await cloud.oneadmin.call(method, ...params));
  return ground;
}

async function play(cloud: CloudInProcess, { method, params, made }: RandomCall, said: string[]): Promise<void> {
  const { ok, payload } = await cloud.oneadmin.try(method, ...params);
  said.push(
    `${method}(${params.map((param) => JSON.stringify(param)).join(', ')}) → ${ok ? '' : 'refused: '}${payload}`,
  );
  if (ok) made?.(Number(payload));
}

async function pass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await setImmediate();
}

/** Deletes every VM, and waits for it. */
async function cleanUp(cloud: CloudInProcess, ground: Playground, random: Random, said: string[]): Promise<void> {
  const { pools } = cloud.cloud;
  for (const id of ground.vms) {
    await play(cloud, { method: 'one.vm.recover', params: [id, 3] }, said);
    await pass(below(MOST_TURNS, random));
  }
  await cloud.until(() => [...pools.vm.all()].every(({ phase }) => statesOf(phase).state === 'DONE'));
}

/** What VMs that are gone still have. */
function left({ cloud }: CloudInProcess) {
  const { host, image, vm, vnet } = cloud.pools;
  return {
    vms: [...vm.all()].filter(({ phase }) => phase !== 'DONE').length,
    leases: [...vnet.all()].flatMap(({ id, ranges }) =>
      ranges.flatMap((range) =>
        [...cloud.leases.of(id, range.id).values()].filter((owner) => owner.kind === 'VM' && owner.id >= 0),
      ),
    ),
    usedImages: [...image.all()].filter(({ id }) => cloud.links.of('image.vms', id).size > 0),
    capacity: [...host.all()].reduce((sum, { share }) => sum + share.cpuUsage + share.memUsage, 0),
  };
}
