/**
 * When the scheduler runs: on the turn of the event loop that follows a change which can matter to a waiting VM, or once
 * the window is over that oned.conf asks for. A VM that finds no place is tried again when room appears, a host comes on, or what it asks for
 * changes. One that has still found none a moment later says why. One that needs an address of an IPAM driver is placed anew when
 * that has answered.
 */
import { isDeepStrictEqual } from 'node:util';
import { messageOf, traceOf } from '../../errors/thrown.ts';
import { tracedAtOnce } from '../../tracing/spans.ts';
import type { Host } from '../objects/host.ts';
import { AddressAsked } from '../objects/ipam.ts';
import type { Actor, Vm } from '../objects/vm.ts';
import { membershipOf } from '../objects/vm-group.ts';
import type { Vnet } from '../objects/vnet.ts';
import type { Clock } from '../platform/clock.ts';
import { type Log, logTime } from '../platform/log.ts';
import { asksForFigures } from '../scheduler/needs.ts';
import { type Placing, planPlacements } from '../scheduler/plan.ts';
import type { Change, ChangeOf } from '../store/transaction.ts';
import { saysAlready, withMessage } from '../vm/messages.ts';
import { type DeploymentServices, deploy, type MigrationEvent, migrate, migrationEvent } from './deployment.ts';
import type { IpamDrivers } from './ipam-drivers.ts';
import { worldOf } from './scheduler-world.ts';
import { SchedulingWindow, windowLimits } from './scheduling-window.ts';

export interface SchedulingServices extends DeploymentServices {
  readonly clock: Clock;
  readonly log: Log;
  readonly ipam: Pick<IpamDrivers, 'again'>;
}

/** VMs placed in one turn: more wait for the next, so that calls are answered in between. */
const MOST_PER_RUN = 16;

/** OpenNebula takes ten to collect VMs before it says anything; who waits for less has not been kept waiting. */
const SILENT_SECONDS = 1;

/** In a large cloud some host has always just measured: who asks for that is tried again no more often than this. */
const FIGURES_SECONDS = 5;

/** In whose name plans are carried out, as histories show it (PlanManager::start_action, 7.4). */
const PLANNER: Actor = { uid: 0, gid: 0, requestId: 1 };

/** A VM and why it has to wait. */
interface Told {
  readonly vm: Vm;
  readonly message: string;
}

export class Scheduling implements Disposable {
  readonly #services: SchedulingServices;
  readonly #subscription: Disposable;
  /** To be tried in the next run. */
  readonly #fresh = new Set<number>();
  /** Found no place so far. */
  readonly #waiting = new Set<number>();
  /** Of those, the ones that ask for what hosts measure. */
  readonly #onFigures = new Set<number>();
  /** For which a driver has been asked for addresses. */
  readonly #asking = new Set<number>();
  /** Runs while those are not to be tried again, and whether a host has measured meanwhile. */
  #pause: Disposable | undefined;
  #hasMeasured = false;
  /** Why those wait that have not said so yet. */
  readonly #reasons = new Map<number, string>();
  readonly #window: SchedulingWindow;
  #scheduled = false;
  #stopped = false;

  constructor(services: SchedulingServices) {
    this.#services = services;
    this.#window = new SchedulingWindow(windowLimits(services.configuration), services.clock, () => this.#schedule());
    const { pools } = services.cloud;
    for (const id of pools.vm.ids('phase', 'PENDING')) this.#fresh.add(id);
    for (const id of pools.vm.ids('resched', 1)) this.#fresh.add(id);
    this.#subscription = services.cloud.subscribe((changes) => this.#notice(changes));
    this.#schedule();
  }

  [Symbol.dispose](): void {
    this.#stopped = true;
    this.#window[Symbol.dispose]();
    this.#pause?.[Symbol.dispose]();
    this.#subscription[Symbol.dispose]();
  }

  /** A host has told what it measures. */
  hostMeasured(): void {
    if (this.#stopped || this.#onFigures.size === 0) return;
    this.#hasMeasured = this.#pause !== undefined;
    if (this.#pause) return;
    this.#tryAgain(this.#onFigures);
    this.#pause = this.#services.clock.after(FIGURES_SECONDS, () => {
      this.#pause = undefined;
      if (this.#hasMeasured) this.hostMeasured();
    });
    this.#schedule();
  }

  #notice(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === 'vm') {
        this.#noticeVm(change.id, change.before, change.after);
        if (this.#waiting.size > 0 && concernsMates(change.before, change.after)) this.#tryAgain(this.#waiting);
      } else if (this.#waiting.size > 0 && mayMakeRoom(change)) this.#tryAgain(this.#waiting);
    }
    this.#schedule();
  }

  #noticeVm(id: number, before: Vm | undefined, after: Vm | undefined): void {
    if (!after || !isCandidate(after)) {
      this.#fresh.delete(id);
      this.#waitsNoMore(id);
      this.#reasons.delete(id);
    } else if (!before || !isCandidate(before) || asksOtherwise(before, after)) {
      this.#waitsNoMore(id);
      this.#fresh.add(id);
    }
  }

  #waits(vm: Vm): void {
    this.#waiting.add(vm.id);
    if (asksForFigures(vm)) this.#onFigures.add(vm.id);
  }

  #waitsNoMore(id: number): void {
    this.#waiting.delete(id);
    this.#onFigures.delete(id);
  }

  #tryAgain(ids: ReadonlySet<number>): void {
    for (const id of ids) {
      this.#fresh.add(id);
      this.#waitsNoMore(id);
    }
  }

  #schedule(): void {
    if (this.#scheduled || this.#stopped) return;
    if (this.#fresh.size === 0) this.#window.reset();
    else if (this.#window.isOver(this.#fresh.size)) this.#runNext();
  }

  #runNext(): void {
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#stopped) tracedAtOnce('scheduler', () => this.#run());
      this.#schedule();
    });
  }

  #run(): void {
    const vms = this.#next();
    try {
      const { placings, refusals } = planPlacements(vms, worldOf(this.#services.cloud));
      this.#keepWaiting(refusals);
      for (const [position, placing] of placings.entries()) this.#tryOut(placing, position);
    } catch (error) {
      for (const vm of vms) this.#waits(vm);
      this.#services.log('SCM', 'error', traceOf(error));
    }
  }

  /** Candidates for one run, taken from the fresh ones: those of high priority may be anywhere, the oldest come first. */
  #next(): Vm[] {
    const vms: Vm[] = [];
    for (const id of this.#fresh) {
      if (vms.length === MOST_PER_RUN) break;
      this.#fresh.delete(id);
      const vm = this.#candidate(id);
      if (vm && !this.#asking.has(id)) vms.push(vm);
    }
    return vms;
  }

  #candidate(id: number): Vm | undefined {
    const vm = this.#services.cloud.pools.vm.get(id);
    return vm && isCandidate(vm) ? vm : undefined;
  }

  /** One that cannot be carried out does not stop the others. */
  #tryOut(placing: Placing, planActionId: number): void {
    try {
      this.#carryOut(placing, planActionId);
    } catch (error) {
      if (error instanceof AddressAsked) void this.#placeWithAnswers(placing.vm, error);
      else this.#keepWaiting([notCarriedOut(placing.vm, error)]);
    }
  }

  /** @throws AddressAsked, WrongState, InvalidTemplate, QuotaExceeded, LeaseUnavailable */
  #carryOut({ vm, action, hostId, datastoreId, nics }: Placing, planActionId: number): void {
    const { cloud } = this.#services;
    const host = cloud.pools.host.get(hostId);
    const datastore = cloud.pools.datastore.get(datastoreId);
    if (!host || !datastore) return;
    const destination = { host, datastore, nics, planActionId };
    cloud.transaction(() => {
      if (action === 'deploy') deploy(this.#services, vm, destination);
      else migrate(this.#services, vm, destination, this.#migrationEvent(vm), PLANNER);
    });
  }

  /** By the time a driver has answered all may be different, so a place is looked for again. */
  async #placeWithAnswers(vm: Vm, asked: AddressAsked): Promise<void> {
    this.#asking.add(vm.id);
    try {
      await this.#services.ipam.again(asked, () => this.#placeOne(vm.id));
    } catch (error) {
      if (!this.#stopped) this.#keepWaiting([notCarriedOut(vm, error)]);
    } finally {
      this.#asking.delete(vm.id);
    }
  }

  /** @throws AddressAsked, and why it cannot be carried out */
  #placeOne(id: number): void {
    const vm = this.#candidate(id);
    if (this.#stopped || !vm) return;
    const { placings, refusals } = planPlacements([vm], worldOf(this.#services.cloud));
    for (const placing of placings) this.#carryOut(placing, 0);
    this.#keepWaiting(refusals);
  }

  #migrationEvent(vm: Vm): MigrationEvent {
    const { configuration } = this.#services;
    return migrationEvent(vm, configuration.number('LIVE_RESCHEDS') === 1, configuration.number('COLD_MIGRATE_MODE'));
  }

  /** Has VMs say why they wait, if they still do a moment later, as they were last refused. */
  #keepWaiting(refused: readonly Told[]): void {
    if (refused.length === 0) return;
    for (const { vm, message } of refused) {
      this.#waits(vm);
      this.#reasons.set(vm.id, message);
    }
    const { cloud, clock } = this.#services;
    clock.after(SILENT_SECONDS, () => {
      if (this.#stopped) return;
      cloud.transaction(() => {
        for (const { vm } of refused) this.#tell(vm.id);
      });
    });
  }

  /** Writes why a VM has to wait, unless it says so already or has found a place. */
  #tell(id: number): void {
    const { cloud, dispatcher, clock } = this.#services;
    const [vm, message] = [cloud.pools.vm.get(id), this.#reasons.get(id)];
    this.#reasons.delete(id);
    if (!vm || message === undefined || saysAlready(vm, 'SCHED_MESSAGE', message)) return;
    dispatcher.update(withMessage(vm, 'SCHED_MESSAGE', message, logTime(clock.now())));
    dispatcher.logVm(vm.id, 'SCM', 'error', message);
  }
}

function notCarriedOut(vm: Vm, error: unknown): Told {
  return { vm, message: `Cannot dispatch VM: ${messageOf(error)}` };
}

function isCandidate({ phase, resched }: Vm): boolean {
  return phase === 'PENDING' || (resched && ['RUNNING', 'POWEROFF', 'UNKNOWN'].includes(phase));
}

/** What a VM asks for, and whether it may be deployed: its message alone is no reason to try it again. */
function asksOtherwise(before: Vm, after: Vm): boolean {
  if (before.template !== after.template || before.lock !== after.lock || before.uid !== after.uid) return true;
  const asked = ({ userTemplate }: Vm) =>
    JSON.stringify(userTemplate.attributes.filter(([name]) => name !== 'SCHED_MESSAGE' && name !== 'ERROR'));
  return before.userTemplate !== after.userTemplate && asked(before) !== asked(after);
}

/** Whether VMs of its group have to be looked at again: it came, went, or is in another state, and so maybe elsewhere. */
function concernsMates(before: Vm | undefined, after: Vm | undefined): boolean {
  const [was, is] = [before, after].map((vm) => vm && membershipOf(vm));
  return was !== is || (is !== undefined && before?.phase !== after?.phase);
}

/** Kinds whose every change may let a VM go somewhere. */
const ALWAYS: ReadonlySet<string> = new Set(['datastore', 'lease', 'acl', 'cluster', 'user', 'group', 'vmgroup']);

function mayMakeRoom(change: Change): boolean {
  if (change.kind === 'vnet') return !movesOnly(change);
  if (change.kind !== 'host') return ALWAYS.has(change.kind);
  const { before, after } = change;
  return after !== undefined && after.state === 'MONITORED' && (!before || hasMoreRoom(before, after));
}

/** Whether all that is different in a network is where the next address is looked for, as after a dispatch that failed. */
function movesOnly({ before, after }: ChangeOf<'vnet'>): boolean {
  if (!before || !after || before.ranges === after.ranges || before.template !== after.template) return false;
  const still = (vnet: Vnet) => ({ ...vnet, ranges: vnet.ranges.map((range) => ({ ...range, nextIndex: 0 })) });
  return isDeepStrictEqual(still(before), still(after));
}

function hasMoreRoom(before: Host, after: Host): boolean {
  if (before.state !== after.state || before.template !== after.template) return true;
  if (before.clusterId !== after.clusterId || before.share.datastores !== after.share.datastores) return true;
  const room = ({ share }: Host) => [share.maxCpu - share.cpuUsage, share.maxMem - share.memUsage, share.freeDisk];
  const was = room(before);
  return room(after).some((free, i) => free > (was[i] ?? 0));
}
