/** Says what became of a VM, when nobody works on it. */
import type { MonitorReport } from '../../contract/driver-runner.ts';
import type { ContainerInspect } from '../../docker/docker-types.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { releaseVm, vmIdOfContainer } from '../../hosts/vm-on-host.ts';
import { endReport, type GuestLook, guestState, stateReport } from './reports.ts';
import { describeEnd, endOf, type VmEnd } from './vm-end.ts';

export interface JudgeOptions {
  readonly host: DockerHost;
  readonly report: (report: MonitorReport) => void;
  readonly signal: AbortSignal;
  readonly warn: (text: string) => void;
}

type Guest = Pick<GuestLook, 'vmId' | 'deployId'>;

/** What is known of a VM's want of memory. */
interface LackOfMemory {
  /** When the kernel killed in it, in epoch milliseconds; times soon after are left out. */
  at: number;
  isTold: boolean;
}

export class Judge {
  readonly #options: JudgeOptions;
  /** VMs about which something has happened that is not yet looked at. */
  readonly #waiting = new Set<string>();
  readonly #lacks = new Map<string, LackOfMemory>();
  /** Called when a VM lacks memory. */
  readonly #listening = new Map<string, () => void>();

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  /** Those that ended while nobody followed. */
  allThatAreOff(guests: readonly GuestLook[]): void {
    for (const guest of guests) if (guest.state === 'POWEROFF') this.look(guest);
  }

  /**
   * Returns at once. Several events about a VM while it is locked are one look.
   * @param wasKilled  the event is an end by SIGKILL, which may be for want of memory
   */
  look(guest: Guest, { outOfMemory = false, wasKilled = false } = {}): void {
    const { deployId } = guest;
    if (outOfMemory && !this.#noteLackOfMemory(deployId)) return;
    if (this.#waiting.has(deployId)) return;
    this.#waiting.add(deployId);
    this.#judge(guest, wasKilled).catch((error: Error) => {
      const { signal, warn } = this.#options;
      if (!signal.aborted) warn(`${deployId} could not be looked at: ${error.message}`);
    });
  }

  async #judge({ vmId, deployId }: Guest, wasKilled: boolean): Promise<void> {
    const { host, report, signal } = this.#options;
    try {
      // Before the lock, for which an action may wait.
      if (wasKilled) await this.#hearOfMemory(deployId);
      await using _lock = await host.lock(deployId, { signal, timeoutSeconds: LONGEST_ACTION_SECONDS });
      // What happens from here on is another look's.
      this.#waiting.delete(deployId);
      const container = await host.docker.find(deployId, { signal });
      const state = container ? guestState(container.State.Status) : 'POWEROFF';
      const end = container && this.#endOf(deployId, container);
      // Whoever acts on the report finds the disks whole; those of an imported VM are not ours.
      if (state === 'POWEROFF' && vmIdOfContainer(deployId) === vmId) await releaseVm(host, vmId, signal);
      if (end) report(endReport({ vmId, deployId }, end));
      const lack = this.#lacks.get(deployId);
      if (!end && lack?.isTold === false)
        report(stateReport([{ vmId, deployId, state: 'UNKNOWN', reason: KILLED }], { complete: false }));
      if (lack) lack.isTold = true;
      const reason = end && describeEnd(end);
      report(stateReport([{ vmId, deployId, state, reason }], { complete: false }));
    } finally {
      this.#waiting.delete(deployId);
    }
  }

  /** A VM that is short of memory has many processes killed, and is told of now and then. @returns whether it is to be told */
  #noteLackOfMemory(deployId: string): boolean {
    if (this.#lacksMemory(deployId)) return false;
    this.#lacks.set(deployId, { at: Date.now(), isTold: false });
    this.#listening.get(deployId)?.();
    return true;
  }

  /** Waits for the news that follows an end for want of memory, and no longer than it takes. */
  async #hearOfMemory(deployId: string): Promise<void> {
    const heard = Promise.withResolvers<void>();
    this.#listening.set(deployId, heard.resolve);
    const deadline = setTimeout(heard.resolve, NEWS_MS);
    await heard.promise;
    clearTimeout(deadline);
    this.#listening.delete(deployId);
  }

  /** The engine hears of an end and of the want of memory that was its cause in any order, and keeps to the first. */
  #endOf(deployId: string, container: ContainerInspect): VmEnd | undefined {
    const end = endOf(container);
    return end && { ...end, outOfMemory: end.outOfMemory || this.#lacksMemory(deployId) };
  }

  /** At this moment, or not long ago. */
  #lacksMemory(deployId: string): boolean {
    const { at = 0 } = this.#lacks.get(deployId) ?? {};
    return Date.now() - at < PAUSE_SECONDS * 1000;
  }
}

const KILLED = 'The kernel has killed a process in the container: memory was used up (MEMORY).';

/** The next complete report tells what was missed. */
const LONGEST_ACTION_SECONDS = 600;
const PAUSE_SECONDS = 60;
const NEWS_MS = 250;
