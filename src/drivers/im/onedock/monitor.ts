/**
 * Follows a host: the engine tells at once when a container starts, stops or ends, and the rest is looked at now and then.
 * A VM that an action works on is left to the action: monitoring waits for its end, and looks then.
 */
import { setTimeout as delay, setInterval } from 'node:timers/promises';
import type { MonitoredHost, MonitorReport } from '../../contract/driver-runner.ts';
import type { MonitorContext } from '../../contract/driver-table.ts';
import type { DockerEvent } from '../../docker/docker-types.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { findImported } from '../../hosts/imported-vms.ts';
import { LABEL, vmIdOfContainer } from '../../hosts/vm-on-host.ts';
import { Commands } from './commands.ts';
import type { HostFigures } from './host-figures.ts';
import { Judge } from './judge.ts';
import { describeHost, lookAtGuests, measureGuests } from './look-at-host.ts';
import { lookAtSystem } from './look-at-system.ts';
import { type HostDescription, stateReport, usageReport, vmReport } from './reports.ts';
import type { ImServices } from './services.ts';
import { untilLost } from './until-lost.ts';
import type { CpuSample } from './vm-figures.ts';

/** Seconds between looks, as monitord.conf has them; `states` is SYNC_STATE_VM, `untoldCommands` EXEC_VM. */
const PERIODS = { system: 600, usage: 120, vms: 30, states: 180, commands: 30, untoldCommands: 5 } as const;
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
    const warn = (text: string) => log('warning', text);
    const judge = new Judge({ host: at, report, signal: until, warn });
    const commands = new Commands({
      host: at,
      datastoreLocation: host.datastoreLocation,
      settleSeconds: host.settleSeconds ?? 0,
      report,
      signal: until,
      warn,
    });
    // Asked for first, so that nothing happens unseen between the first look and the first event.
    const events = await at.docker.events(until);
    const toldOf = await at.docker.commands.areToldOf();
    const look = async () => {
      await looks.all();
      judge.allThatAreOff(await lookAtGuests(at, host, until));
      await commands.look();
      await Promise.race([
        every(periods.system, () => looks.system(), until),
        every(periods.usage, () => looks.usage(), until),
        every(periods.vms, () => looks.vms(), until),
        every(periods.states, () => looks.states(), until),
        every(toldOf ? periods.commands : periods.untoldCommands, () => commands.look(), until),
      ]);
    };
    const wildChanged = soon(() => looks.system(), until, warn);
    const followers = { judge, commands, wildChanged, findImported: () => looks.imported() };
    await Promise.race([follow(events, at, followers), look()]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    stop.abort();
  }
}

interface Followers {
  readonly judge: Judge;
  readonly commands: Commands;
  readonly wildChanged: () => void;
  findImported(): Promise<ReadonlyMap<string, number>>;
}

async function follow(events: AsyncIterable<DockerEvent>, host: DockerHost, followers: Followers): Promise<void> {
  const { judge, commands, wildChanged, findImported } = followers;
  for await (const { Action, Actor } of untilLost(events, host.name)) {
    if (Action === 'exec_die' && Actor.Attributes.execID) commands.ended(Actor.Attributes.execID);
    if (!CHANGES.has(Action)) continue;
    const name = Actor.Attributes.name ?? '';
    const isOurs = Actor.Attributes[LABEL.vm] !== undefined;
    const vmId = isOurs ? vmIdOfContainer(name) : (await findImported()).get(Actor.ID);
    if (vmId !== undefined) {
      const wasKilled = Action === 'die' && Actor.Attributes.exitCode === KILLED;
      judge.look({ vmId, deployId: isOurs ? name : Actor.ID }, { outOfMemory: Action === 'oom', wasKilled });
    } else if (!isOurs) wildChanged();
  }
}

/** 128 and SIGKILL. */
const KILLED = '137';

/** Events after which a VM may be in another state, or something is to be said of it. */
const CHANGES = new Set(['start', 'die', 'pause', 'unpause', 'destroy', 'oom']);

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

  /** Each once, the host described for all of them. */
  async all(): Promise<void> {
    const description = this.#describe();
    await Promise.all([this.system(description), this.usage(description), this.vms(), this.states()]);
  }

  async system(looking = this.#describe()): Promise<void> {
    this.#report(await lookAtSystem(this.#host, this.#wanted, this.#wanted.id, this.#signal, looking));
  }

  async usage(looking = this.#describe()): Promise<void> {
    const description = await looking;
    this.#report(usageReport(description, this.#before));
    this.#before = description.figures;
  }

  async vms(): Promise<void> {
    const guests = await measureGuests(this.#host, this.#cpuSamples, this.#wanted, this.#signal);
    if (guests.length > 0) this.#report(vmReport(guests));
  }

  async states(): Promise<void> {
    this.#report(stateReport(await lookAtGuests(this.#host, this.#wanted, this.#signal), { complete: true }));
  }

  #describe(): Promise<HostDescription> {
    return describeHost(this.#host, this.#wanted, this.#signal);
  }

  imported(): Promise<ReadonlyMap<string, number>> {
    return findImported(this.#host, this.#wanted.datastoreLocation, this.#signal);
  }
}

async function every(seconds: number, look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for await (const _ of setInterval(seconds * 1000, undefined, { signal })) await look();
}

/** Does something a little later, once for all who have asked for it by then. */
function soon(work: () => Promise<void>, signal: AbortSignal, warn: (text: string) => void): () => void {
  let isDue = false;
  const begin = async () => {
    await delay(SOON_MS, undefined, { signal });
    isDue = false;
    await work();
  };
  return () => {
    if (isDue) return;
    isDue = true;
    begin().catch((error: Error) => signal.aborted || warn(error.message));
  };
}

const SOON_MS = 500;
