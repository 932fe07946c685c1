/**
 * A front-end with many dummy hosts and VMs, filled through its API: 20,000 VMs on 1,250 hosts, a tenth of that with
 * `--quick`. Each VM has a disk, an address and a context, as usual ones do.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeResponse, encodeCall, type XmlRpcValue } from '../../../src/opennebula/xmlrpc.ts';
import { type Caller, openCaller } from '../raw-calls.ts';
import type { Stage } from '../stage.ts';
import { type MeasuredFrontend, startMeasuredFrontend } from './measured-frontend.ts';

export interface LargeCloud extends AsyncDisposable {
  readonly frontend: MeasuredFrontend;
  readonly hosts: number;
  readonly vms: number;
  readonly vmsPerMinute: number;
  /** Of the front-end's processor, for each VM of a tenth of all, in the order in which they were made. */
  readonly millisecondsPerVm: readonly number[];
}

export const CLIENTS = 16;
const HOSTS = 1250;
const VMS = 20_000;
const QUICK_SHARE = 10;
const PARTS = 10;
const LOOK_MS = 250;
const WAIT_SECONDS = 600;

export function shareLargeCloud(stage: Stage): Promise<LargeCloud> {
  const share = stage.quick ? QUICK_SHARE : 1;
  return stage.share('large cloud', () => makeLargeCloud(HOSTS / share, VMS / share));
}

async function makeLargeCloud(hosts: number, vms: number): Promise<LargeCloud> {
  await using made = new AsyncDisposableStack();
  const frontend = made.use(await startMeasuredFrontend());
  const callers = Array.from({ length: CLIENTS }, () => made.use(openCaller(frontend.endpoint)));
  const [first] = callers as [Caller];
  const ask = (method: string, ...params: readonly XmlRpcValue[]) => call(first, frontend.session, method, params);

  const template = await makeGround(ask);
  const bodyOf = (method: string, ...params: readonly XmlRpcValue[]) =>
    encodeCall(method, [frontend.session, ...params]);
  await many(callers, hosts, (i) => bodyOf('one.host.allocate', `dummy-${i}`, 'dummy', 'dummy', -1));
  await until('All hosts MONITORED', async () => (await ask('one.hostpool.info')).split('<STATE>2<').length > hosts);

  const started = performance.now();
  const millisecondsPerVm: number[] = [];
  let before = (await frontend.figures()).processorSeconds;
  for (let part = 0; part < PARTS; part++) {
    const count = vms / PARTS;
    await many(callers, count, () => bodyOf('one.vm.allocate', template, false));
    await untilRunning(ask, part * count, count);
    const { processorSeconds, residentMebibytes } = await frontend.figures();
    const milliseconds = ((processorSeconds - before) * 1000) / count;
    millisecondsPerVm.push(milliseconds);
    before = processorSeconds;
    process.stderr.write(
      `  ${(part + 1) * count} VMs: ${milliseconds.toFixed(2)} ms of the processor for each, ${residentMebibytes.toFixed(0)} MiB\n`,
    );
  }
  const minutes = (performance.now() - started) / 60_000;
  const all = made.move();
  const vmsPerMinute = vms / minutes;
  return { frontend, hosts, vms, vmsPerMinute, millisecondsPerVm, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

type Ask = (method: string, ...params: readonly XmlRpcValue[]) => Promise<string>;

/** Datastores, an image, a network, and groups whose rules stand in the list of all. @returns a template of a VM */
async function makeGround(ask: Ask): Promise<string> {
  await ask('one.datastore.allocate', 'NAME = "dummy-system"\nTYPE = "SYSTEM_DS"\nTM_MAD = "dummy"', -1);
  await ask('one.datastore.enable', 0, false);
  const images = await ask('one.datastore.allocate', 'NAME = "images"\nDS_MAD = "dummy"\nTM_MAD = "dummy"', -1);
  const image = await ask('one.image.allocate', 'NAME = "image"\nPATH = "/var/tmp/image"', Number(images));
  const range = 'AR = [ TYPE = "IP4", IP = "10.0.0.1", SIZE = "65000" ]';
  const network = await ask('one.vn.allocate', `NAME = "net"\nVN_MAD = "dummy"\nBRIDGE = "br0"\n${range}`, -1);
  await until('The image READY', async () => (await ask('one.image.info', Number(image))).includes('<STATE>1<'));
  return `CPU = "0.1"
MEMORY = "128"
DISK = [ IMAGE_ID = "${image}" ]
NIC = [ NETWORK_ID = "${network}" ]
CONTEXT = [ NETWORK = "YES", SSH_PUBLIC_KEY = "ssh-ed25519 AAAA" ]
`;
}

/** So many calls, as many at a time as there are callers. */
async function many(callers: readonly Caller[], count: number, bodyOf: (i: number) => string): Promise<void> {
  let next = 0;
  await Promise.all(
    callers.map(async (caller) => {
      while (next < count) payloadOf(await caller.call(bodyOf(next++)));
    }),
  );
}

/** The last one tells when a look at all is worth while. */
async function untilRunning(ask: Ask, first: number, count: number): Promise<void> {
  const last = first + count - 1;
  await until(`VM ${last} RUNNING`, async () => (await ask('one.vm.info', last, false)).includes(RUNNING));
  await until(`All ${last + 1} VMs RUNNING`, async () => {
    const listed = await ask('one.vmpool.info', -2, first, last, -1);
    return listed.split(RUNNING).length > count;
  });
}

const RUNNING = '<LCM_STATE>3<';

async function until(awaited: string, reached: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WAIT_SECONDS * 1000;
  while (!(await reached())) {
    if (performance.now() > deadline) throw new Error(`${awaited}: not within ${WAIT_SECONDS} s.`);
    await sleep(LOOK_MS);
  }
}

async function call(caller: Caller, session: string, method: string, params: readonly XmlRpcValue[]): Promise<string> {
  return payloadOf(await caller.call(encodeCall(method, [session, ...params])));
}

function payloadOf(answer: Buffer): string {
  const [success, payload] = decodeResponse(answer.toString('utf8')) as [boolean, string];
  if (!success) throw new Error(payload);
  return String(payload);
}
