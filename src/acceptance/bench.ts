/** What the trials of a run share: the cloud, the VM that they work on, and how they wait. */
import type { Client } from '../opennebula/client/client.ts';
import type { Vm } from '../opennebula/client/views.ts';
import { type VmGoal, waitForVm, waitUntil } from '../opennebula/client/wait.ts';
import type { LcmState } from '../opennebula/vm-states.ts';
import type { CloudUnderTest } from './cloud.ts';
import { countStarts } from './guest.ts';
import { Made } from './made.ts';

/** Thrown by a trial that cannot be made on this cloud. */
export class Skipped extends Error {
  override name = 'Skipped';
}

/** Thrown by a trial that has found something else than it should be. */
export class Mismatch extends Error {
  override name = 'Mismatch';
}

export interface BenchOptions {
  readonly client: Client;
  readonly cloud: CloudUnderTest;
  /** Of everything that is made. */
  readonly name: string;
  /** How long a single step may take. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

export class Bench {
  readonly client: Client;
  readonly cloud: CloudUnderTest;
  readonly name: string;
  readonly made: Made;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  /** Of the VM's first disk, once it is there. */
  imageId: number | undefined;
  vmId: number | undefined;
  /** How often the VM has started as it says itself; undefined where that is not seen from here. */
  starts: number | undefined;

  constructor({ client, cloud, name, timeoutSeconds, signal }: BenchOptions) {
    this.client = client;
    this.cloud = cloud;
    this.name = name;
    this.timeoutSeconds = timeoutSeconds;
    this.signal = signal;
    this.made = new Made(client);
    this.imageId = cloud.image?.id;
  }

  /** The VM as it is. @throws Skipped when there is none */
  async vm(): Promise<Vm> {
    return this.client.vm.info(this.#vmId());
  }

  /**
   * The VM once nothing is under way with it. oned answers a call before its VM has left RUNNING, and is in BOOT still
   * when the guest answers already (7.4), so RUNNING may be seen too early.
   */
  async settled(): Promise<Vm> {
    const vm = await this.vm();
    return isUnderWay(vm) ? waitForVm(this.client, vm.id, 'RUNNING', this.waiting) : vm;
  }

  /** The VM, which runs. @throws Skipped when it does not */
  async running(): Promise<Vm> {
    const vm = await this.settled();
    if (!vm.isRunning) throw new Skipped(`the VM is ${vm.state === 'ACTIVE' ? vm.lcmState : vm.state}`);
    return vm;
  }

  /** Does something to the VM and waits where it leads; an error that a driver leaves on the VM is one. */
  async change(goal: VmGoal, act: (id: number) => Promise<unknown>): Promise<Vm> {
    const before = await this.settled();
    await act(before.id);
    const after = await waitForVm(this.client, before.id, goal, this.waiting);
    if (after.error !== '' && after.error !== before.error) throw new Mismatch(after.error);
    return after;
  }

  get waiting() {
    return { timeoutSeconds: this.timeoutSeconds, signal: this.signal };
  }

  /** Waits until the VM itself tells of one start more, where it is seen from here; what it counts is in a file of its disk. */
  async restarted(): Promise<string | undefined> {
    const { starts } = this;
    if (starts === undefined) return undefined;
    const [address = ''] = (await this.vm()).addresses;
    this.starts = await waitUntil({
      ...this.waiting,
      awaited: `Start ${starts + 1} of the VM, as it counts them in a file`,
      look: () => countStarts(address),
      done: (seen) => seen === starts + 1,
      describe: (seen) => (seen === undefined ? 'no answer' : `${seen} starts`),
    });
    return 'its files are kept';
  }

  #vmId(): number {
    if (this.vmId === undefined) throw new Skipped('there is no VM');
    return this.vmId;
  }
}

const AT_REST: readonly string[] = ['RUNNING', 'UNKNOWN'] satisfies LcmState[];

function isUnderWay({ state, lcmState, hasFailed }: Vm): boolean {
  return state === 'ACTIVE' && !hasFailed && !AT_REST.includes(lcmState);
}
