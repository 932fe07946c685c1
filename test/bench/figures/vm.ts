/**
 * VMs through the API, scheduler and network included, against Docker's own command for the same image on the same
 * host. A bare container has no network, so plugging the NIC is all on our side.
 */
import { dockerRemoveSeconds, dockerRunSeconds } from '../bare-docker.ts';
import type { Figure } from '../figure.ts';
import { secondsOf } from '../onedock.ts';
import { endVm, runVm, shareSandbox } from '../sandbox-stage.ts';

const AT_ONCE = 20;

export const vmCreate: Figure = {
  name: 'vm-create',
  title: 'VM create → RUNNING',
  floorTitle: 'docker run -d of the same image on the same host, no network',
  unit: 's',
  rounds: [15, 3],
  targets: [{ kind: 'above floor', limit: 0.1 }],
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
      async ours() {
        const started = performance.now();
        const ids = await Promise.all(Array.from({ length: AT_ONCE }, () => runVm(sandbox)));
        const seconds = (performance.now() - started) / 1000;
        await Promise.all(ids.map((id) => endVm(sandbox, id)));
        return seconds;
      },
      floor: () => dockerRunSeconds(sandbox, AT_ONCE),
      async [Symbol.asyncDispose]() {},
    };
  },
};
