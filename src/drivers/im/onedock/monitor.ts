/**
 * Follows a host: the engine tells at once when a container starts, stops or ends, and the rest is looked at now and then.
 * A VM that an action works on is left to the action: monitoring waits for its end, and looks then.
 */
import { setInterval } from 'node:timers/promises';
import type { MonitoredHost, MonitorReport } from '../../contract/driver-runner.ts';
import type { MonitorContext } from '../../contract/driver-table.ts';
import type { DockerEvent } from '../../docker/docker-types.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { LABEL, releaseVm, vmIdOfContainer } from '../../hosts/vm-on-host.ts';
import { fail } from '../errors.ts';
import type { HostFigures } from './host-figures.ts';
import { describeHost, lookAtGuests, measureGuests } from './look-at-host.ts';
import { type GuestLook, guestState, stateReport, systemReport, usageReport, vmReport } from './reports.ts';
import type { ImServices } from './services.ts';
import type { CpuSample } from './vm-figures.ts';

/** Seconds between looks, as monitord.conf has them; `states` is SYNC_STATE_VM. */
export const PERIODS = { system: 600, usage: 120, vms: 30, states: 180 } as const;
export type Periods = { readonly [Look in keyof typeof PERIODS]: number };

type Report = (report: MonitorReport) => void;

/** @throws ENGINE_LOST, SSH_*, DOCKER_*: the host cannot be followed any more */
export async function monitor(
  host: MonitoredHost,
  report: Report,
  { hosts, signal, log }: MonitorContext & ImServices,
  periods: Periods = PERIODS,
): Promise<void> {
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  try {
    const at = await hosts.connect(host.name, until);
    const looks = new Looks(host, at, report, until);
    // Asked for first, so that nothing happens unseen between the first look and the first event.
    const events = await at.docker.events(until);
    await Promise.all([looks.system(), looks.usage(), looks.vms(), looks.states()]);
    const judge = new Judge(at, report, until, (text) => log('warning', text));
    judge.allThatAreOff(await lookAtGuests(at, until));
    await Promise.race([
      follow(events, judge, at),
      every(periods.system, () => looks.system(), until),
      every(periods.usage, () => looks.usage(), until),
      every(periods.vms, () => looks.vms(), until),
      every(periods.states, () => looks.states(), until),
    ]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    stop.abort();
  }
}

async function follow(events: AsyncIterable<DockerEvent>, judge: Judge, host: DockerHost): Promise<never> {
  for await (const { Action, Actor } of events) {
    const name = Actor.Attributes.name ?? '';
    if (CHANGES.has(Action) && Actor.Attributes[LABEL.vm] !== undefined) judge.look(name);
  }
  throw fail('ENGINE_LOST', { host: host.name });
}

/** Events after which a VM may be in another state. */
const CHANGES = new Set(['start', 'die', 'pause', 'unpause', 'destroy']);

/** The looks of all kinds, with what one has to remember for the next. */
class Looks {
  readonly #wanted: MonitoredHost;
  readonly #host: DockerHost;
  readonly #report: Report;
  readonly #signal: AbortSignal;
  readonly #cpuSamples = new Map<string, CpuSample>();
  #before: HostFigures | undefined;

  constructor(wanted: MonitoredHost, host: DockerHost, report: Report, signal: AbortSignal) {
    this.#wanted = wanted;
    this.#host = host;
    this.#report = report;
    this.#signal = signal;
  }

  async system(): Promise<void> {
    this.#report(systemReport(await describeHost(this.#host, this.#wanted, this.#signal)));
  }

  async usage(): Promise<void> {
    const description = await describeHost(this.#host, this.#wanted, this.#signal);
    this.#report(usageReport(description, this.#before));
    this.#before = description.figures;
  }

  async vms(): Promise<void> {
    const guests = await measureGuests(this.#host, this.#cpuSamples, this.#wanted, this.#signal);
    if (guests.length > 0) this.#report(vmReport(guests));
  }

  async states(): Promise<void> {
    this.#report(stateReport(await lookAtGuests(this.#host, this.#signal), { complete: true }));
  }
}

/** Says what became of a VM, when nobody works on it. */
class Judge {
  readonly #host: DockerHost;
  readonly #report: Report;
  readonly #signal: AbortSignal;
  readonly #warn: (text: string) => void;
  /** VMs about which something has happened that is not yet looked at. */
  readonly #waiting = new Set<string>();

  constructor(host: DockerHost, report: Report, signal: AbortSignal, warn: (text: string) => void) {
    this.#host = host;
    this.#report = report;
    this.#signal = signal;
    this.#warn = warn;
  }

  /** Those that ended while nobody followed. */
  allThatAreOff(guests: readonly GuestLook[]): void {
    for (const { deployId, state } of guests) if (state === 'POWEROFF') this.look(deployId);
  }

  /** Returns at once. Several events about a VM while it is locked are one look. */
  look(name: string): void {
    if (this.#waiting.has(name)) return;
    this.#waiting.add(name);
    this.#judge(name).catch((error: Error) => {
      if (!this.#signal.aborted) this.#warn(`${name} could not be looked at: ${error.message}`);
    });
  }

  async #judge(name: string): Promise<void> {
    const vmId = vmIdOfContainer(name);
    if (vmId === undefined) return;
    const signal = this.#signal;
    try {
      await using _lock = await this.#host.lock(name, { signal, timeoutSeconds: LONGEST_ACTION_SECONDS });
      // What happens from here on is another look's.
      this.#waiting.delete(name);
      const container = await this.#host.docker.find(name, { signal });
      const state = container ? guestState(container.State.Status) : 'POWEROFF';
      // Whoever acts on the report finds the disks whole.
      if (state === 'POWEROFF') await releaseVm(this.#host, vmId, signal);
      this.#report(stateReport([{ vmId, deployId: name, state }], { complete: false }));
    } finally {
      this.#waiting.delete(name);
    }
  }
}

/** The next complete report tells what was missed. */
const LONGEST_ACTION_SECONDS = 600;

async function every(seconds: number, look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for await (const _ of setInterval(seconds * 1000, undefined, { signal })) await look();
}
