/**
 * Many small VMs on two hosts: how many answer, what each takes of the machine's memory, and what they cost while nothing
 * happens. They are made once, for all of these figures.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Figure } from '../figure.ts';
import { type BenchSandbox, endVms, runVms, shareSandbox } from '../sandbox-stage.ts';
import { readProcessorSeconds } from '../sandbox-usage.ts';
import type { Stage } from '../stage.ts';

const VMS = 500;
/** So many are asked for at a time: a call of the API is given up after a minute. */
const WAVE = 100;
const REST_SECONDS = 10;
const ANSWER_MS = 5000;
const AT_A_TIME = 50;
/** The default of the sample's template, 64 MB, would ask for more than the hosts have. */
const SMALL = 'MEMORY = "16"\n';

interface Crowd extends AsyncDisposable {
  readonly sandbox: BenchSandbox;
  readonly ids: readonly number[];
  readonly mebibytesPerVm: number;
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
  unit: 'MiB',
  targets: [],
  prepare: (stage) => measureCrowd(stage, async ({ mebibytesPerVm }) => mebibytesPerVm),
};

export const crowdAtRest: Figure = {
  ...common,
  name: 'density-rest',
  title: `${VMS} VMs at rest: processor time of front-end and hosts, of one processor`,
  unit: '%',
  targets: [{ kind: 'value', limit: 5 }],
  prepare: (stage) => measureCrowd(stage, percentAtRest),
};

type Measure = (crowd: Crowd) => Promise<number>;

async function measureCrowd(stage: Stage, measure: Measure) {
  const crowd = await stage.share('crowd', () => gatherCrowd(stage));
  return {
    ours: () => measure(crowd),
    async [Symbol.asyncDispose]() {},
  };
}

async function gatherCrowd(stage: Stage): Promise<Crowd> {
  const sandbox = await shareSandbox(stage);
  const before = await availableMebibytes();
  const ids: number[] = [];
  while (ids.length < VMS) ids.push(...(await runVms(sandbox, WAVE, SMALL)));
  const mebibytesPerVm = (before - (await availableMebibytes())) / VMS;
  return { sandbox, ids, mebibytesPerVm, [Symbol.asyncDispose]: () => endVms(sandbox, ids) };
}

async function countAnswers({ sandbox, ids }: Crowd): Promise<number> {
  const wanted = new Set(ids);
  const vms = Array.from(await sandbox.client.vmpool.info()).filter(({ id }) => wanted.has(id));
  const limit = pLimit(AT_A_TIME);
  const answers = vms.map(({ addresses: [address] }) =>
    limit(() =>
      fetch(`http://${address}/`, { signal: AbortSignal.timeout(ANSWER_MS) }).then(
        async (answer) => (await answer.text()) !== '' && answer.ok,
        () => false,
      ),
    ),
  );
  return (await Promise.all(answers)).filter(Boolean).length;
}

async function percentAtRest({ sandbox }: Crowd): Promise<number> {
  const before = await readProcessorSeconds(sandbox.name);
  await sleep(REST_SECONDS * 1000);
  return (((await readProcessorSeconds(sandbox.name)) - before) / REST_SECONDS) * 100;
}

/** What the kernel could give to new processes (Documentation/filesystems/proc.rst, MemAvailable). */
async function availableMebibytes(): Promise<number> {
  const [, kibibytes] = /^MemAvailable:\s+(\d+) kB$/m.exec(await readFile('/proc/meminfo', 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}
