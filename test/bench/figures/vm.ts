/**
 * VMs through the API, scheduler and network included, against Docker's own command for the same image on the same
 * host. A bare container has no network, so plugging the NIC is all on our side.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Transport } from '../../../src/transport/transport.ts';
import { blows, sustain } from '../../support/crowd-under-faults.ts';
import { dockerRemoveSeconds, dockerRunSeconds, runEverywhere } from '../bare-docker.ts';
import type { Figure } from '../figure.ts';
import { secondsOf } from '../onedock.ts';
import {
  ANYWHERE,
  askForVms,
  type BenchSandbox,
  endVm,
  endVms,
  onHost,
  runVm,
  runVms,
  shareSandbox,
} from '../sandbox-stage.ts';

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

/** The engine that is killed takes what it was about to start with it; its owner retries that. */
export const hundredUnderFaults: Figure = {
  name: 'vms-100-faults',
  title: `${HUNDRED} VMs over two hosts, front-end, an engine and a helper killed meanwhile: those that run in the end`,
  unit: 'VMs',
  rounds: [1, 1],
  targets: [{ kind: 'value', limit: HUNDRED }],
  async prepare(stage) {
    const sandbox = await shareSandbox(stage);
    const { client, frontEnd, host, otherHost } = sandbox;
    const machines: Readonly<Record<string, Transport>> = { frontend: frontEnd, 'host-1': host, 'host-2': otherHost };
    return {
      async ours() {
        const hosts = [host, otherHost];
        const before = await Promise.all(hosts.map(stateOfVms));
        const ids = await askForVms(sandbox, HUNDRED, ANYWHERE);
        const strikes = blows(async (machine, ...argv) => machines[machine]?.run(argv));
        const { running } = await sustain(client, ids, strikes);
        await endVms(sandbox, ids);
        const after = await Promise.all(hosts.map(stateOfVms));
        if (!isDeepStrictEqual(after, before))
          throw new Error(`Something is left of VMs that are gone: ${after.join()}`);
        return running;
      },
      async [Symbol.asyncDispose]() {},
    };
  },
};

/** What a host has of VMs. */
async function stateOfVms(host: Transport): Promise<string> {
  const containers = await host.run(['docker', 'ps', '--all', '--quiet']);
  const held = await host.run(['/usr/lib/onedock/onedock-host-helper', 'status']);
  return `${containers.stdout}${held.stdout}`;
}

async function secondsUntilAllRun(sandbox: BenchSandbox, count: number, where: string): Promise<number> {
  let ids: number[] = [];
  const seconds = await secondsOf(async () => {
    ids = await runVms(sandbox, count, where);
  });
  await endVms(sandbox, ids);
  return seconds;
}
