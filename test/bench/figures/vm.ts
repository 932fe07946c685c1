/**
 * VMs through the API, scheduler and network included, against Docker's own command for the same image on the same
 * host. A bare container has no network, so plugging the NIC is all on our side.
 */
import { dockerRemoveSeconds, dockerRunSeconds, runEverywhere } from '../bare-docker.ts';
import type { Figure } from '../figure.ts';
import { secondsOf } from '../onedock.ts';
import { ANYWHERE, type BenchSandbox, endVm, endVms, onHost, runVm, runVms, shareSandbox } from '../sandbox-stage.ts';

const AT_ONCE = 20;
const HUNDRED = 100;

export const vmCreate: Figure = {
  name: 'vm-create',
  title: 'VM create → RUNNING',
  floorTitle: 'docker run -d of the same image on the same host, no network',
  unit: 's',
  rounds: [15, 3],
  targets: [
    { kind: 'above floor', limit: 0.1 },
    { kind: 'p95 above floor', limit: 0.25 },
  ],
  async prepare(stage) {
    const sandbox = await shareSandbox(stage);
    return {
      async ours() {
        const started = performance.now();
        const id = await runVm(sandbox);
        const seconds = (performance.now() - started) / 1000;
        await endVm(sandbox, id);
        return seconds;
      },
      floor: () => dockerRunSeconds(sandbox),
      async [Symbol.asyncDispose]() {},
    };
  },
};

export const vmTerminate: Figure = {
  name: 'vm-terminate',
  title: 'VM terminate-hard → DONE',
  floorTitle: 'docker rm -f on the same host',
  unit: 's',
  rounds: [15, 3],
  targets: [{ kind: 'above floor', limit: 0.1 }],
  async prepare(stage) {
    const sandbox = await shareSandbox(stage);
    return {
      async ours() {
        const id = await runVm(sandbox);
        return secondsOf(() => endVm(sandbox, id));
      },
      floor: () => dockerRemoveSeconds(sandbox),
      async [Symbol.asyncDispose]() {},
    };
  },
};

export const vmsAtOnce: Figure = {
  name: 'vms-at-once',
  title: `${AT_ONCE} VMs at once, all RUNNING`,
  floorTitle: `${AT_ONCE} times docker run -d at once on the same host`,
  unit: 's',
  rounds: [3, 1],
  targets: [{ kind: 'ratio', limit: 1.25 }],
  async prepare(stage) {
    const sandbox = await shareSandbox(stage);
    return {
      ours: () => secondsUntilAllRun(sandbox, AT_ONCE, onHost(sandbox.hostName)),
      floor: () => dockerRunSeconds(sandbox, AT_ONCE),
      async [Symbol.asyncDispose]() {},
    };
  },
};

/** Both hosts take half of them; bare, each host starts its half while the other does. */
export const hundredVms: Figure = {
  name: 'vms-100',
  title: `${HUNDRED} VMs over two hosts, all RUNNING`,
  floorTitle: `${HUNDRED / 2} times docker run -d at once on each of the two hosts`,
  unit: 's',
  rounds: [3, 1],
  targets: [{ kind: 'ratio', limit: 1.25 }],
  async prepare(stage) {
    const sandbox = await shareSandbox(stage);
    const { host, otherHost, imageId } = sandbox;
    return {
      ours: () => secondsUntilAllRun(sandbox, HUNDRED, ANYWHERE),
      floor: () => runEverywhere([host, otherHost], imageId, HUNDRED / 2),
      async [Symbol.asyncDispose]() {},
    };
  },
};

async function secondsUntilAllRun(sandbox: BenchSandbox, count: number, where: string): Promise<number> {
  let ids: number[] = [];
  const seconds = await secondsOf(async () => {
    ids = await runVms(sandbox, count, where);
  });
  await endVms(sandbox, ids);
  return seconds;
}
