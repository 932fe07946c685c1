/**
 * What monitoring means for VMs (src/im/InformationManager.cc, 7.4). Agents tell of changes as they happen, so there is
 * no span in which reports do not count; but a report that contradicts what a driver has just done, or is doing, is
 * looked at again a moment later, since it may have been on its way before.
 */
import { failureText } from '../../drivers/contract/action.ts';
import { messageOf } from '../../errors/thrown.ts';
import { Template, templateXml, type Vector } from '../../opennebula/template.ts';
import { group } from '../../opennebula/xml.ts';
import type { EventName } from '../lifecycle/events.ts';
import { withZombies } from '../objects/host-monitoring.ts';
import type { Phase } from '../objects/phase.ts';
import { currentRecord, type Vm } from '../objects/vm.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { keepBody } from '../resources/stay-bodies.ts';
import type { Cloud } from '../store/cloud.ts';
import { withExecution } from '../vm/exec.ts';
import { type GuestReport, type GuestState, readSampleReport, readStateReport } from '../vm/vm-reports.ts';
import type { Dispatcher } from './dispatcher.ts';

/** A message of a host's agent that concerns VMs. */
export interface VmReport {
  readonly type: 'STATE_VM' | 'MONITOR_VM' | 'EXEC_VM';
  readonly hostId: number;
  readonly report: Template;
}

export interface VmMonitoringOptions {
  readonly cloud: Cloud;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly log: Log;
  /** How long after a driver's answer reports may be older than it. */
  readonly settleSeconds?: number;
}

const SETTLE_SECONDS = 1;

const EVENTS: Readonly<Record<GuestState, EventName | undefined>> = {
  RUNNING: 'monitor-running',
  POWEROFF: 'monitor-poweroff',
  SUSPENDED: 'monitor-suspended',
  FAILURE: 'monitor-lost',
  UNKNOWN: undefined,
};

/** What a VM's log says to a state that nobody asked for. */
const REMARKS: { readonly [Name in EventName]?: string } = {
  'monitor-running': 'VM found again by the drivers',
  'monitor-poweroff': 'VM running but monitor state is POWEROFF',
  'monitor-suspended': 'Polling reports that the VM is suspended.',
};

export class VmMonitoring implements Disposable {
  readonly #options: VmMonitoringOptions;
  /** Last reports of VMs that are looked at again later. */
  readonly #later = new Map<number, { report: GuestReport; hostId: number; timer: Disposable }>();
  /** Reports of commands that wait for drivers. */
  readonly #postponed = new Set<Disposable>();
  readonly #samples = new Map<number, Template>();
  readonly #subscription: Disposable;

  constructor(options: VmMonitoringOptions) {
    this.#options = options;
    this.#subscription = options.cloud.subscribe((changes) => {
      for (const change of changes) {
        const { kind, id, before, after } = change;
        if (kind === 'vm' && after?.phase === 'DONE') this.#forget(id);
        if (kind === 'host' && after?.state === 'ERROR' && before?.state !== 'ERROR') this.#hostLost(id);
      }
    });
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    for (const { timer } of this.#later.values()) timer[Symbol.dispose]();
    this.#later.clear();
    for (const timer of this.#postponed) timer[Symbol.dispose]();
    this.#postponed.clear();
  }

  report({ type, hostId, report }: VmReport): void {
    try {
      if (type === 'STATE_VM') this.#takeStates(hostId, report);
      if (type === 'MONITOR_VM') this.#takeSamples(hostId, report);
      if (type === 'EXEC_VM') this.#takeExecutions(hostId, report);
    } catch (error) {
      this.#options.log('InM', 'error', `Report ${type} of host ${hostId}: ${failureText(error)}`);
    }
  }

  /** Nobody can tell what the guests of a host do: they are UNKNOWN until they are seen again. */
  #hostLost(hostId: number): void {
    const { cloud } = this.#options;
    for (const vmId of cloud.links.of('host.vms', hostId)) {
      this.#take(hostId, { vmId, deployId: '', state: 'FAILURE' });
    }
  }

  #takeStates(hostId: number, report: Template): void {
    const { cloud } = this.#options;
    const { guests, missingAre } = readStateReport(report);
    for (const guest of guests) this.#take(hostId, guest);
    if (!missingAre) return;
    const named = new Set(guests.map(({ vmId }) => vmId));
    this.#takeZombies(hostId, named);
    const state: GuestState = missingAre === 'POWEROFF' ? 'POWEROFF' : 'FAILURE';
    for (const vmId of cloud.links.of('host.vms', hostId)) {
      if (!named.has(vmId)) this.#take(hostId, { vmId, deployId: '', state });
    }
  }

  /** VMs of OpenNebula that are on a host where they should not be. */
  #takeZombies(hostId: number, named: ReadonlySet<number>): void {
    const { cloud } = this.#options;
    const host = cloud.pools.host.get(hostId);
    if (!host) return;
    const own = cloud.links.of('host.vms', hostId);
    const after = withZombies(
      host,
      [...named].filter((vmId) => !own.has(vmId)),
    );
    if (after !== host) cloud.transaction(() => cloud.pools.host.put(after));
  }

  #take(hostId: number, report: GuestReport): void {
    const { dispatcher, cloud } = this.#options;
    const vm = cloud.pools.vm.get(report.vmId);
    const event = EVENTS[report.state];
    this.#dropLater(report.vmId);
    if (!vm || currentRecord(vm)?.hostId !== hostId) return;
    if (!event) {
      if (report.reason) dispatcher.logVm(vm.id, 'VMM', 'info', report.reason);
      return;
    }
    if (!contradicts(vm, event)) return;
    const { settleSeconds = SETTLE_SECONDS } = this.#options;
    if (dispatcher.isBusy(vm.id) || dispatcher.secondsSinceAnswer(vm.id) < settleSeconds) {
      this.#lookAgain(hostId, report, settleSeconds);
    } else {
      this.#apply(vm, event, report);
    }
  }

  #apply(vm: Vm, name: EventName, { deployId, reason }: GuestReport): void {
    const { cloud, dispatcher, log } = this.#options;
    const remark = REMARKS[name];
    try {
      cloud.transaction(() => {
        keepBody(cloud, vm);
        const after = dispatcher.apply(vm, { name, ...(deployId === '' ? {} : { output: deployId }) });
        if (after.phase === vm.phase) return;
        if (remark) dispatcher.logVm(vm.id, 'LCM', 'info', remark);
        if (reason) dispatcher.logVm(vm.id, 'VMM', 'info', reason);
      });
    } catch (error) {
      log('InM', 'error', `VM ${vm.id}: ${messageOf(error)}`);
    }
  }

  #lookAgain(hostId: number, report: GuestReport, seconds: number): void {
    const timer = this.#options.clock.after(seconds, () => this.#take(hostId, report));
    this.#later.set(report.vmId, { report, hostId, timer });
  }

  #dropLater(vmId: number): void {
    this.#later.get(vmId)?.timer[Symbol.dispose]();
    this.#later.delete(vmId);
  }

  #takeSamples(hostId: number, report: Template): void {
    const { cloud, clock } = this.#options;
    const now = clock.now();
    for (const { vmId, figures } of readSampleReport(report)) {
      const vm = cloud.pools.vm.get(vmId);
      if (!vm || vm.phase === 'DONE' || currentRecord(vm)?.hostId !== hostId) continue;
      const known = this.#samples.get(vmId) ?? new Template();
      const sample = known.merge(figures).set('ID', String(vmId)).set('TIMESTAMP', String(now));
      this.#samples.set(vmId, sample);
      cloud.monitoring.append('vm', vmId, now, group('MONITORING', templateXml(sample)));
    }
  }

  /** How commands in guests go on. What a driver is about to say of a command comes first, or it would be the last word. */
  #takeExecutions(hostId: number, report: Template): void {
    for (const { ID, ...told } of report.vectors('VM')) this.#takeExecution(hostId, Number(ID), told);
  }

  #takeExecution(hostId: number, vmId: number, told: Vector): void {
    const { cloud, dispatcher, clock, settleSeconds = SETTLE_SECONDS } = this.#options;
    const vm = cloud.pools.vm.get(vmId);
    if (!vm || currentRecord(vm)?.hostId !== hostId) return;
    if (!dispatcher.isBusy(vmId)) return void cloud.transaction(() => dispatcher.update(withExecution(vm, told)));
    const timer = clock.after(settleSeconds, () => {
      this.#postponed.delete(timer);
      this.#takeExecution(hostId, vmId, told);
    });
    this.#postponed.add(timer);
  }

  #forget(vmId: number): void {
    this.#dropLater(vmId);
    this.#samples.delete(vmId);
    this.#options.cloud.monitoring.forget('vm', vmId);
  }
}

/** What a report says of a VM that does what it is known to do. */
const EXPECTED: { readonly [P in Phase]?: EventName } = {
  RUNNING: 'monitor-running',
  POWEROFF: 'monitor-poweroff',
  SUSPENDED: 'monitor-suspended',
};

function contradicts({ phase }: Vm, event: EventName): boolean {
  return EXPECTED[phase] !== event;
}
