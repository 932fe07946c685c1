/** A large cloud of dummy drivers: what it costs to fill it, and what it gives under load. It is made once for all. */
import { encodeCall } from '../../../src/opennebula/xmlrpc.ts';
import { startEchoProgram } from '../echo-server.ts';
import type { Contest, Figure } from '../figure.ts';
import { shareLargeCloud } from '../large-cloud/large-cloud.ts';
import { shareLoad } from '../large-cloud/load.ts';
import { openCaller } from '../raw-calls.ts';
import type { Stage } from '../stage.ts';

const once = { rounds: [1, 1] } as const;

/** Taken while the cloud was filled or under load. */
function told<Facts>(share: (stage: Stage) => Promise<Facts>, read: (facts: Facts) => number) {
  return async (stage: Stage): Promise<Contest> => {
    const facts = await share(stage);
    return { ours: async () => read(facts), async [Symbol.asyncDispose]() {} };
  };
}

export const cloudVms: Figure = {
  ...once,
  name: 'cloud-vms',
  title: 'large cloud: dummy VMs to RUNNING, scheduled',
  unit: 'per minute',
  targets: [{ kind: 'value', limit: 6000 }],
  prepare: told(shareLargeCloud, ({ vmsPerMinute }) => vmsPerMinute),
};

export const cloudGrowth: Figure = {
  ...once,
  name: 'cloud-growth',
  title: 'large cloud: processor time for each VM, the last tenth over the first',
  unit: '×',
  targets: [{ kind: 'value', limit: 1.5 }],
  prepare: told(shareLargeCloud, ({ millisecondsPerVm: cost }) => (cost.at(-1) ?? 0) / (cost[0] ?? 1)),
};

export const cloudRequests: Figure = {
  ...once,
  name: 'cloud-requests',
  title: 'large cloud: requests of 16 clients, mixed',
  unit: 'per second',
  targets: [{ kind: 'value', limit: 1000 }],
  prepare: told(shareLoad, ({ requestsPerSecond }) => requestsPerSecond),
};

export const cloudVmInfo: Figure = {
  ...once,
  name: 'cloud-vm.info',
  title: 'large cloud under load: vm.info, 95 of 100 within',
  unit: 'ms',
  targets: [{ kind: 'value', limit: 10 }],
  prepare: told(shareLoad, ({ vmInfoP95Ms }) => vmInfoP95Ms),
};

export const cloudStall: Figure = {
  ...once,
  name: 'cloud-stall',
  title: 'large cloud under load: longest stall of the event loop',
  unit: 'ms',
  targets: [{ kind: 'value', limit: 50 }],
  prepare: told(shareLoad, ({ longestStallMs }) => longestStallMs),
};

export const cloudTurn: Figure = {
  ...once,
  name: 'cloud-turn',
  title: 'large cloud under load: most work in one turn of the event loop, of the processor',
  unit: 'ms',
  targets: [{ kind: 'value', limit: 50 }],
  prepare: told(shareLoad, ({ longestTurnMs }) => longestTurnMs),
};

export const cloudMemory: Figure = {
  ...once,
  name: 'cloud-memory',
  title: 'large cloud under load: memory of the front-end',
  unit: 'MiB',
  targets: [{ kind: 'value', limit: 400 }],
  prepare: told(shareLoad, ({ residentMebibytes }) => residentMebibytes),
};

export const cloudVmPoolInfo: Figure = {
  name: 'cloud-vmpool.info',
  title: 'large cloud: vmpool.info, all VMs',
  floorTitle: 'a Node HTTP server that sends the same bytes',
  unit: 'ms',
  rounds: [5, 3],
  targets: [{ kind: 'value', limit: 300 }],
  async prepare(stage) {
    const { frontend } = await shareLargeCloud(stage);
    await using made = new AsyncDisposableStack();
    const body = encodeCall('one.vmpool.info', [frontend.session, -2, -1, -1, -1]);
    const ours = made.use(openCaller(frontend.endpoint));
    const floor = made.use(openCaller(made.use(await startEchoProgram(await ours.call(body))).endpoint));
    const all = made.move();
    return {
      ours: () => milliseconds(() => ours.call(body)),
      floor: () => milliseconds(() => floor.call(body)),
      [Symbol.asyncDispose]: () => all.disposeAsync(),
    };
  },
};

export const cloudRestart: Figure = {
  ...once,
  name: 'cloud-restart',
  title: 'large cloud: killed, and started until it answers',
  unit: 's',
  targets: [{ kind: 'value', limit: 3 }],
  async prepare(stage) {
    const { frontend } = await shareLargeCloud(stage);
    const body = encodeCall('one.vm.info', [frontend.session, 0, false]);
    return {
      async ours() {
        const started = performance.now();
        await frontend.restart();
        using caller = openCaller(frontend.endpoint);
        await caller.call(body);
        return (performance.now() - started) / 1000;
      },
      async [Symbol.asyncDispose]() {},
    };
  },
};

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
