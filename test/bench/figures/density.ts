/**
 * Many small VMs on two hosts: how many answer, what each takes of the machine's memory, what they cost while nothing
 * happens, and how long it takes to measure all. They are made once, for all of these figures, and as many bare containers
 * before them, so that what Docker itself takes stands beside.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { FILTER, HOST_STATUS } from '../../../src/opennebula/client/constants.ts';
import { startBareContainers } from '../bare-docker.ts';
import type { Figure } from '../figure.ts';
import { frontEndMebibytes, stopFrontEnd } from '../front-end-process.ts';
import { secondsOf } from '../onedock.ts';
import { type BenchSandbox, endVms, runVms, shareSandbox } from '../sandbox-stage.ts';
import { readProcessorSeconds } from '../sandbox-usage.ts';
import type { Stage } from '../stage.ts';

const VMS = 500;
/** So many are asked for at a time: a call of the API is given up after a minute. */
const WAVE = 100;
/** The longest time between looks at VMs and at what hosts use; containerd's own work returns every 30 s. */
const REST_SECONDS = 120;
const ANSWER_MS = 5000;
const AT_A_TIME = 50;
const POLL_MS = 20;
const PASS_SECONDS = 60;
/** The default of the sample's template, 64 MB, would ask for more than the hosts have. */
const SMALL = 'MEMORY = "16"\n';

interface Crowd extends AsyncDisposable {
  readonly sandbox: BenchSandbox;
  readonly ids: readonly number[];
  readonly mebibytesPerVm: number;
  /** Of as many containers with nothing of ours, before there were VMs. */
  readonly bare: { readonly mebibytesPerContainer: number; readonly percentAtRest: number };
}

const common = { rounds: [1, 1] } as const;

export const crowdAnswers: Figure = {
  ...common,
  name: 'density-answers',
  title: `${VMS} VMs on two hosts: those whose page answers`,
  unit: 'VMs',
  targets: [{ kind: 'value', limit: VMS }],
  prepare: (stage) => measureCrowd(stage, countAnswers),
};

export const crowdMemory: Figure = {
  ...common,
  name: 'density-memory',
  title: `${VMS} VMs: memory of the machine for each`,
  floorTitle: 'as many containers of docker run -d, the front-end stopped',
  unit: 'MiB',
  targets: [],
  prepare: (stage) =>
    measureCrowd(
      stage,
      async ({ mebibytesPerVm }) => mebibytesPerVm,
      ({ mebibytesPerContainer }) => mebibytesPerContainer,
    ),
};

export const crowdAtRest: Figure = {
  ...common,
  name: 'density-rest',
  title: `${VMS} VMs at rest: processor time of front-end and hosts, of one processor`,
  floorTitle: 'as many containers of docker run -d, the front-end stopped',
  unit: '%',
  targets: [
    { kind: 'value', limit: 5 },
    { kind: 'above floor', limit: 5 },
  ],
  prepare: (stage) =>
    measureCrowd(
      stage,
      async (crowd) => {
        // Of a VM that is measured for the first time the engine is asked for its start.
        await passSeconds(crowd);
        return percentAtRest(crowd.sandbox);
      },
      ({ percentAtRest: percent }) => percent,
    ),
};

export const crowdPass: Figure = {
  ...common,
  name: 'density-pass',
  title: `${VMS} VMs on two hosts: one pass of monitoring`,
  unit: 's',
  targets: [{ kind: 'value', limit: 5 }],
  prepare: (stage) => measureCrowd(stage, passSeconds),
};

export const crowdFrontEnd: Figure = {
  ...common,
  name: 'density-front-end',
  title: `${VMS} VMs at rest: memory of the front-end`,
  unit: 'MiB',
  targets: [],
  prepare: (stage) => measureCrowd(stage, ({ sandbox }) => frontEndMebibytes(sandbox.frontEnd)),
};

type Measure = (crowd: Crowd) => Promise<number>;

async function measureCrowd(stage: Stage, measure: Measure, floor?: (bare: Crowd['bare']) => number) {
  const crowd = await stage.share('crowd', () => gatherCrowd(stage));
  return {
    ours: () => measure(crowd),
    ...(floor && { floor: async () => floor(crowd.bare) }),
    async [Symbol.asyncDispose]() {},
  };
}

async function gatherCrowd(stage: Stage): Promise<Crowd> {
  const sandbox = await shareSandbox(stage);
  const bare = await measureBare(sandbox);
  const before = await availableMebibytes();
  const ids: number[] = [];
  while (ids.length < VMS) ids.push(...(await runVms(sandbox, WAVE, SMALL)));
  const mebibytesPerVm = (before - (await availableMebibytes())) / VMS;
  return { sandbox, ids, mebibytesPerVm, bare, [Symbol.asyncDispose]: () => endVms(sandbox, ids) };
}

/** The front-end would look at them, as at all that runs on its hosts. */
async function measureBare(sandbox: BenchSandbox): Promise<Crowd['bare']> {
  const { host, otherHost, imageId } = sandbox;
  await using _stopped = await stopFrontEnd(sandbox);
  const before = await availableMebibytes();
  await using _containers = await startBareContainers([host, otherHost], imageId, VMS / 2);
  const mebibytesPerContainer = (before - (await availableMebibytes())) / VMS;
  return { mebibytesPerContainer, percentAtRest: await percentAtRest(sandbox) };
}

async function countAnswers({ sandbox, ids }: Crowd): Promise<number> {
  const wanted = new Set(ids);
  const vms = Array.from(await sandbox.client.vmpool.info()).filter(({ id }) => wanted.has(id));
  const limit = pLimit(AT_A_TIME);
  const answers = vms.map(({ addresses: [address] }) => limit(() => answersSoon(`http://${address}/`)));
  return (await Promise.all(answers)).filter(Boolean).length;
}

/** A VM that has just begun to run has not begun to serve. */
async function answersSoon(url: string): Promise<boolean> {
  const deadline = performance.now() + ANSWER_MS;
  do {
    const answered = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) }).then(
      async (answer) => (await answer.text()) !== '' && answer.ok,
      () => false,
    );
    if (answered) return true;
    await sleep(POLL_MS);
  } while (performance.now() < deadline);
  return false;
}

async function percentAtRest(sandbox: BenchSandbox): Promise<number> {
  const before = await readProcessorSeconds(sandbox.name);
  await sleep(REST_SECONDS * 1000);
  return (((await readProcessorSeconds(sandbox.name)) - before) / REST_SECONDS) * 100;
}

/**
 * From the moment hosts are to be looked at anew, as when an administrator enables them, until there is a fresh sample of every
 * VM. Samples are timed by the second, so it begins with one.
 */
async function passSeconds({ sandbox: { client }, ids }: Crowd): Promise<number> {
  const hosts = await client.hostpool.info();
  await sleep(1000 - (Date.now() % 1000));
  const since = Math.floor(Date.now() / 1000);
  const isFresh = async () => {
    const samples = String(await client.call('one.vmpool.monitoring', FILTER.ALL, 0));
    const times = [...samples.matchAll(/<TIMESTAMP>(?:<!\[CDATA\[)?(\d+)/g)].filter(
      ([, time]) => Number(time) >= since,
    );
    return times.length >= ids.length;
  };
  return await secondsOf(async () => {
    const deadline = performance.now() + PASS_SECONDS * 1000;
    await Promise.all(Array.from(hosts, ({ id }) => client.host.status(id, HOST_STATUS.ENABLED)));
    while (!(await isFresh())) {
      if (performance.now() > deadline) throw new Error(`Not all VMs were measured within ${PASS_SECONDS} s.`);
      await sleep(POLL_MS);
    }
  });
}

/** What the kernel could give to new processes (Documentation/filesystems/proc.rst, MemAvailable). */
async function availableMebibytes(): Promise<number> {
  const [, kibibytes] = /^MemAvailable:\s+(\d+) kB$/m.exec(await readFile('/proc/meminfo', 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}
