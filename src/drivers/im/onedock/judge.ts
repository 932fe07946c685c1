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

export class Judge {
  readonly #options: JudgeOptions;
  /** VMs about which something has happened that is not yet looked at. */
  readonly #waiting = new Set<string>();
  /** When the kernel killed in each VM for want of memory, in epoch milliseconds. Times soon after are left out. */
  readonly #lackedMemoryAt = new Map<string, number>();
  /** Called when that happens. */
  readonly #listening = new Map<string, () => void>();
  /** VMs of which that is not yet said. */
  readonly #lackUntold = new Set<string>();

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
      const isTold = !this.#lackUntold.delete(deployId);
      if (!end && !isTold)
        report(stateReport([{ vmId, deployId, state: 'UNKNOWN', reason: KILLED }], { complete: false }));
      const reason = end && describeEnd(end);
      report(stateReport([{ vmId, deployId, state, reason }], { complete: false }));
    } finally {
      this.#waiting.delete(deployId);
    }
  }

  /** A VM that is short of memory has many processes killed, and is told of now and then. @returns whether it is to be told */
  #noteLackOfMemory(deployId: string): boolean {
    const last = this.#lackedMemoryAt.get(deployId) ?? 0;
    const now = Date.now();
    if (now - last < PAUSE_SECONDS * 1000) return false;
    this.#lackedMemoryAt.set(deployId, now);
    this.#lackUntold.add(deployId);
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
    const lackedAt = this.#lackedMemoryAt.get(deployId) ?? 0;
    return end && { ...end, outOfMemory: end.outOfMemory || Date.now() - lackedAt < PAUSE_SECONDS * 1000 };
  }
}

const KILLED = 'The kernel has killed a process in the container: memory was used up (MEMORY).';

/** The next complete report tells what was missed. */
const LONGEST_ACTION_SECONDS = 600;
const PAUSE_SECONDS = 60;
const NEWS_MS = 250;
