/**
 * A large cloud under load: sixteen clients that ask one thing after the other, mostly for a VM, and one that lists all
 * VMs again and again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeCall, type XmlRpcValue } from '../../../src/opennebula/xmlrpc.ts';
import { below, pickWeighted, type Random, seededRandom } from '../../support/random.ts';
import { type Caller, openCaller } from '../raw-calls.ts';
import { quantile } from '../samples.ts';
import type { Stage } from '../stage.ts';
import { CLIENTS, type LargeCloud, shareLargeCloud } from './large-cloud.ts';

export interface LoadFigures extends AsyncDisposable {
  readonly requestsPerSecond: number;
  readonly vmInfoP95Ms: number;
  readonly longestStallMs: number;
  readonly longestTurnMs: number;
  readonly residentMebibytes: number;
}

const SECONDS = 15;
const QUICK_SECONDS = 3;
/** Entries of a page as lists of a web interface show it. */
const PAGE = 20;
const LIST_EVERY_MS = 1000;

export function shareLoad(stage: Stage): Promise<LoadFigures> {
  return stage.share('load', async () => measure(await shareLargeCloud(stage), stage.quick ? QUICK_SECONDS : SECONDS));
}

interface Request {
  readonly weight: number;
  readonly method: string;
  readonly params: (cloud: LargeCloud, random: Random) => readonly XmlRpcValue[];
}

const MIX: readonly Request[] = [
  { weight: 60, method: 'one.vm.info', params: ({ vms }, random) => [below(vms, random), false] },
  { weight: 20, method: 'one.host.info', params: ({ hosts }, random) => [below(hosts, random), false] },
  {
    weight: 10,
    method: 'one.vmpool.info',
    params: ({ vms }, random) => [-2, below(vms, random), -PAGE, -1],
  },
  {
    weight: 10,
    method: 'one.vm.update',
    params: ({ vms }, random) => [below(vms, random), `MARK = "${below(1_000_000, random)}"`, 1],
  },
];

async function measure(cloud: LargeCloud, seconds: number): Promise<LoadFigures> {
  const { frontend } = cloud;
  await frontend.figures();
  const started = performance.now();
  const until = started + seconds * 1000;
  const clients = Array.from({ length: CLIENTS }, (_, i) => keepAsking(cloud, seededRandom(i), until));
  const [samples] = await Promise.all([Promise.all(clients), keepListing(cloud, until)]);
  const elapsed = (performance.now() - started) / 1000;
  const { longestStallMs, longestTurnMs, residentMebibytes } = await frontend.figures();
  return {
    requestsPerSecond: samples.reduce((sum, { requests }) => sum + requests, 0) / elapsed,
    vmInfoP95Ms: quantile(
      samples.flatMap(({ vmInfoMs }) => vmInfoMs),
      0.95,
    ),
    longestStallMs,
    longestTurnMs,
    residentMebibytes,
    async [Symbol.asyncDispose]() {},
  };
}

async function keepAsking(cloud: LargeCloud, random: Random, until: number) {
  using caller = openCaller(cloud.frontend.endpoint);
  const vmInfoMs: number[] = [];
  let requests = 0;
  for (; performance.now() < until; requests++) {
    const { method, params } = pickWeighted(MIX, random);
    const sent = performance.now();
    await ask(caller, cloud, method, params(cloud, random));
    if (method === 'one.vm.info') vmInfoMs.push(performance.now() - sent);
  }
  return { requests, vmInfoMs };
}

async function keepListing(cloud: LargeCloud, until: number): Promise<void> {
  using caller = openCaller(cloud.frontend.endpoint);
  while (performance.now() < until) {
    await ask(caller, cloud, 'one.vmpool.info', [-2, -1, -1, -1]);
    await sleep(LIST_EVERY_MS);
  }
}

async function ask(caller: Caller, { frontend }: LargeCloud, method: string, params: readonly XmlRpcValue[]) {
  const answer = await caller.call(encodeCall(method, [frontend.session, ...params]));
  if (!answer.includes('<boolean>1</boolean>')) throw new Error(answer.toString('utf8'));
}
