/** Says what became of a VM, when nobody works on it. */
import type { MonitorReport } from '../../contract/driver-runner.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { releaseVm, vmIdOfContainer } from '../../hosts/vm-on-host.ts';
import { endReport, type GuestLook, guestState, stateReport } from './reports.ts';
import { describeEnd, endOf } from './vm-end.ts';

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
  /** When each VM was last said to lack memory, in epoch milliseconds. */
  readonly #saidToLackMemory = new Map<string, number>();

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  /** Those that ended while nobody followed. */
  allThatAreOff(guests: readonly GuestLook[]): void {
    for (const guest of guests) if (guest.state === 'POWEROFF') this.look(guest);
  }

  /** Returns at once. Several events about a VM while it is locked are one look. */
  look(guest: Guest, { outOfMemory = false } = {}): void {
    const { deployId } = guest;
    if (outOfMemory) this.#sayThatMemoryLacks(guest);
    else if (!this.#waiting.has(deployId)) {
      this.#waiting.add(deployId);
      this.#judge(guest).catch((error: Error) => {
        const { signal, warn } = this.#options;
        if (!signal.aborted) warn(`${deployId} could not be looked at: ${error.message}`);
      });
    }
  }

  async #judge({ vmId, deployId }: Guest): Promise<void> {
    const { host, report, signal } = this.#options;
    try {
      await using _lock = await host.lock(deployId, { signal, timeoutSeconds: LONGEST_ACTION_SECONDS });
      // What happens from here on is another look's.
      this.#waiting.delete(deployId);
      const container = await host.docker.find(deployId, { signal });
      const state = container ? guestState(container.State.Status) : 'POWEROFF';
      const end = container && endOf(container);
      // Whoever acts on the report finds the disks whole; those of an imported VM are not ours.
      if (state === 'POWEROFF' && vmIdOfContainer(deployId) === vmId) await releaseVm(host, vmId, signal);
      if (end) report(endReport({ vmId, deployId }, end));
      const reason = end && describeEnd(end);
      report(stateReport([{ vmId, deployId, state, reason }], { complete: false }));
    } finally {
      this.#waiting.delete(deployId);
    }
  }

  /** A VM that goes on without the process that was killed. One that is short of memory has many, and is told of now and then. */
  #sayThatMemoryLacks({ vmId, deployId }: Guest): void {
    const last = this.#saidToLackMemory.get(deployId) ?? 0;
    const now = Date.now();
    if (now - last < PAUSE_SECONDS * 1000) return;
    this.#saidToLackMemory.set(deployId, now);
    const reason = 'The kernel has killed a process in the container: memory was used up (MEMORY).';
    this.#options.report(stateReport([{ vmId, deployId, state: 'UNKNOWN', reason }], { complete: false }));
  }
}

/** The next complete report tells what was missed. */
const LONGEST_ACTION_SECONDS = 600;
const PAUSE_SECONDS = 60;
