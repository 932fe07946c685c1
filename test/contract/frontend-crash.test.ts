/**
 * The front-end as a real process on a real store, killed by SIGKILL again and again while clients keep it busy, also
 * while it starts. Whatever it acknowledged is there afterwards, everything that was under way comes to an end, and the
 * books of the cloud are right. SEED=n repeats the calls and the moments; ROUNDS=n kills it as often.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFailed } from 'vitest';
import { OnedockError } from '../../src/errors/onedock-error.ts';
import { type Client, createClient } from '../../src/opennebula/client/client.ts';
import { OneApiError } from '../../src/opennebula/client/one-api-error.ts';
import { waitForHost, waitForImage, waitUntil } from '../../src/opennebula/client/wait.ts';
import { contradictionsIn } from '../support/cloud-books.ts';
import { type FrontendPlace, startFrontendProcess } from '../support/frontend-process.ts';
import { Ledger } from '../support/ledger.ts';
import { below, firstSeed, type Random, seededRandom } from '../support/random.ts';
import { CALL_KINDS, fillingCalls, nextCall, Playground, type RandomCall } from '../support/random-calls.ts';
import { SLOW_DRIVERS_CONFIGURATION, writeSlowDrivers } from '../support/slow-drivers.ts';

const SEED = firstSeed();
const ROUNDS = Number(process.env.ROUNDS ?? 12);
const CLIENTS = 6;
/** How long it is left alive under load, at most. */
const MOST_ALIVE_MS = 600;
/** How soon it may be killed while it starts. */
const MOST_STARTING_MS = 500;
const SESSION = 'oneadmin:opennebula';

/** Hosts stay, so that VMs can run; nobody says that something failed. */
const KINDS = CALL_KINDS.filter(({ method }) => !method.startsWith('one.host.') && method !== 'one.vm.recover');

it(`loses nothing by ${ROUNDS} kills under load (SEED=${SEED})`, { timeout: 300_000 + ROUNDS * 20_000 }, async () => {
  onTestFailed(() => {
    process.stderr.write(`Repeat with SEED=${SEED}.\n`);
  });
  await using made = new AsyncDisposableStack();
  const data = await mkdtemp(join(tmpdir(), 'onedock-crash-'));
  made.defer(() => rm(data, { recursive: true, maxRetries: 5 }));
  const place = await preparePlace(data);
  const random = seededRandom(SEED);
  const ledger = new Ledger();

  let frontend = startFrontendProcess(place);
  made.defer(() => frontend.kill());
  let endpoint = await frontend.endpoint;
  const grounds = await makeGrounds(endpoint, ledger);
  let calls = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const load = grounds.map((ground) => keepBusy(endpoint, ground, ledger, random));
    await sleep(below(MOST_ALIVE_MS, random));
    await frontend.kill();
    calls += (await Promise.all(load)).reduce((sum, count) => sum + count, 0);
    frontend = startFrontendProcess(place);
    while (random() < 0.3) {
      await sleep(below(MOST_STARTING_MS, random));
      await frontend.kill();
      frontend = startFrontendProcess(place);
    }
    endpoint = await frontend.endpoint;
    await inspect(endpoint, ledger, `round ${round + 1}`);
  }
  expect(await frontend.stop()).toBe(0);
  process.stdout.write(`crash: ${ROUNDS} kills, ${calls} calls, ${ledger.size} acknowledgements kept (SEED=${SEED})\n`);
  expect(ledger.size).toBeGreaterThan(ROUNDS);
});

async function preparePlace(data: string): Promise<FrontendPlace> {
  const config = join(data, 'oned.conf');
  await writeFile(config, SLOW_DRIVERS_CONFIGURATION);
  await mkdir(join(data, '.one'));
  await writeFile(join(data, '.one/one_auth'), SESSION);
  return { data, config, env: await writeSlowDrivers(data) };
}

/** Things that all clients use; VMs are of one client each, so that what it asked for last is known. */
async function makeGrounds(endpoint: string, ledger: Ledger): Promise<Playground[]> {
  using client = createClient({ endpoint, session: SESSION });
  await client.user.allocate('alice', 'alice');
  const systemDatastoreId = await client.datastore.allocate('NAME = "system-2"\nTYPE = "SYSTEM_DS"\nTM_MAD = "slow"');
  const imageDatastoreId = await client.datastore.allocate('NAME = "images"\nDS_MAD = "slow"\nTM_MAD = "slow"');
  await client.datastore.enable(0, false);
  await waitUntil({
    awaited: 'Room in the datastores',
    look: () => Promise.all([systemDatastoreId, imageDatastoreId].map((id) => client.datastore.info(id))),
    done: (datastores) => datastores.every((datastore) => datastore.number('FREE_MB') > 0),
    describe: (datastores) => datastores.map((datastore) => datastore.text('FREE_MB')).join(', '),
  });
  const first = new Playground({ systemDatastoreId, imageDatastoreId, prefix: 'c0-' });
  for (const call of fillingCalls(first)) await make(client, call, ledger);
  await Promise.all(first.hosts.map((id) => waitForHost(client, id, 'MONITORED')));
  await Promise.all(first.images.map((id) => waitForImage(client, id, 'READY')));
  return Array.from({ length: CLIENTS }, (_, i) => {
    const ground = new Playground({ systemDatastoreId, imageDatastoreId, prefix: `c${i + 1}-` });
    for (const list of ['hosts', 'images', 'networks', 'templates'] as const) ground[list].push(...first[list]);
    return ground;
  });
}

/** Calls until there is no answer any more. @returns how many calls were answered */
async function keepBusy(endpoint: string, ground: Playground, ledger: Ledger, random: Random): Promise<number> {
  using client = createClient({ endpoint, session: SESSION });
  for (let answered = 0; ; answered++) {
    const call = random() < 0.15 ? mark(ground, random) : nextCall(ground, random, KINDS);
    try {
      await make(client, call, ledger);
    } catch (error) {
      if (error instanceof OnedockError && error.code === 'ENDPOINT_UNREACHABLE') return answered;
      if (!(error instanceof OneApiError)) throw error;
      ledger.refused(call);
    }
  }
}

async function make(client: Client, call: RandomCall, ledger: Ledger): Promise<void> {
  ledger.asked(call);
  const id = Number(await client.call(call.method, ...(call.params as Parameters<Client['call']>[1][])));
  ledger.answered(call, id);
  call.made?.(id);
}

let marks = 0;

function mark(ground: Playground, random: Random): RandomCall {
  const id = ground.vms.length === 0 ? 0 : (ground.vms[below(ground.vms.length, random)] as number);
  return { method: 'one.vm.update', params: [id, `MARK = "${++marks}"`, 1] };
}

/** States in which a VM may stay for ever. */
const SETTLED: ReadonlySet<string> = new Set([
  'PENDING',
  'HOLD',
  'STOPPED',
  'SUSPENDED',
  'DONE',
  'POWEROFF',
  'UNDEPLOYED',
]);
const IMAGE_SETTLED: ReadonlySet<string> = new Set(['READY', 'USED', 'DISABLED', 'USED_PERS', 'ERROR']);

async function inspect(endpoint: string, ledger: Ledger, when: string): Promise<void> {
  using client = createClient({ endpoint, session: SESSION });
  await waitUntil({
    awaited: `${when}: the end of all that was under way`,
    look: () => underWay(client),
    done: (left) => left.length === 0,
    describe: (left) => left.join(', '),
    timeoutSeconds: 180,
  });
  const find = async (kind: string, id: number) => {
    const info = { vm: client.vm.info, image: client.image.info, vn: client.vn.info }[kind];
    try {
      return await info?.(id);
    } catch (error) {
      if (error instanceof OneApiError && error.is('NO_EXISTS')) return undefined;
      throw error;
    }
  };
  expect(await ledger.losses(find), when).toEqual([]);
  expect(await contradictionsIn((method, ...params) => client.call(method, ...(params as number[]))), when).toEqual([]);
}

async function underWay(client: Client): Promise<string[]> {
  const vms = await client.vmpool.info();
  const images = await client.imagepool.info();
  return [
    ...vms.objects
      .filter((vm) => !SETTLED.has(vm.state) && !vm.isRunning)
      .map((vm) => `VM ${vm.id} ${vm.state} ${vm.lcmState}`),
    ...images.objects.filter(({ state }) => !IMAGE_SETTLED.has(state)).map(({ id, state }) => `image ${id} ${state}`),
  ];
}
