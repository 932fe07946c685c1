/**
 * Carries VMs through their lives: applies events to their records, keeps the cloud's books in line, sends to drivers
 * what the life cycle wants, and takes their answers back as events. A change is committed before its request is sent,
 * and the request follows from the record, so after a crash `resume` sends again whatever was under way.
 */
import { failureText } from '../../drivers/contract/action.ts';
import type { DriverRunner } from '../../drivers/contract/driver-runner.ts';
import { traceOf } from '../../errors/thrown.ts';
import { isYes } from '../../opennebula/template.ts';
import { tracedApart } from '../../tracing/spans.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { type LifeCycleEvent, PLAIN_VMM, type VmmCapabilities } from '../lifecycle/events.ts';
import { type DriverRequest, requestOf } from '../lifecycle/requests.ts';
import { type Step, step } from '../lifecycle/step.ts';
import { withSharedAttributes } from '../objects/shared-copies.ts';
import { currentRecord, type HistoryRecord, previousRecord, type Vm } from '../objects/vm.ts';
import type { Clock } from '../platform/clock.ts';
import { type Log, logTime } from '../platform/log.ts';
import { keepChangedBodies } from '../resources/stay-bodies.ts';
import type { Cloud } from '../store/cloud.ts';
import { withUseOfEnded } from '../vm/history-use.ts';
import { withMessage } from '../vm/messages.ts';
import { portRange, withDisplayPort } from './display-port.ts';
import { settleOperation } from './operations.ts';
import { type Places, transferPath } from './places.ts';
import { type PlayContext, playTransfer } from './play.ts';
import { DEFAULT_POLICY, type RequestPolicy, Requests } from './requests.ts';
import { settle } from './settle.ts';
import { printTransfer, transferStages } from './transfer-script.ts';
import { diskFiles, type VmFiles } from './vm-files.ts';
import { logStates, type VmLogs } from './vm-logs.ts';
import { playVmmRequest } from './vmm-requests.ts';

export interface DispatcherOptions {
  readonly cloud: Cloud;
  readonly drivers: DriverRunner;
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly log: Log;
  readonly places: Places;
  readonly vmLogs: VmLogs;
  readonly files?: VmFiles;
  readonly policy?: RequestPolicy;
}

export interface ApplyOptions {
  /** Quotas may refuse the change. */
  readonly enforceQuotas?: boolean;
}

export class Dispatcher implements AsyncDisposable {
  readonly #options: DispatcherOptions;
  readonly #files: VmFiles;
  readonly #requests: Requests;
  readonly #aside = new AbortController();
  /** Requests of `tell` that are under way. */
  readonly #told = new Set<Promise<void>>();

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#files = options.files ?? diskFiles;
    this.#requests = new Requests(options.policy ?? DEFAULT_POLICY);
  }

  /** Takes a new VM into the cloud. Within a transaction. @throws QuotaExceeded */
  add(vm: Vm): Vm {
    return this.#put(undefined, vm, { enforceQuotas: true });
  }

  /** Replaces the record of a VM, its phase unchanged. Within a transaction. @throws QuotaExceeded */
  update(vm: Vm, options: ApplyOptions = {}): Vm {
    return this.#put(this.#options.cloud.pools.vm.get(vm.id), vm, options);
  }

  /**
   * Applies an event. Within a transaction; what drivers have to do for it starts when that is committed.
   * @param vm the record, maybe changed already by what the event is about
   * @throws WrongState, QuotaExceeded
   */
  apply(vm: Vm, event: LifeCycleEvent, options: ApplyOptions = {}): Vm {
    const { cloud, clock } = this.#options;
    const before = cloud.pools.vm.get(vm.id);
    const result = step(vm, event, clock.now(), this.capabilitiesOf(event.placement ?? currentRecord(vm)));
    const after = this.#put(before, result.vm, options);
    if (before) settleOperation(cloud, before, after, event.name, clock.now());
    cloud.afterCommit(() => this.#follow({ ...result, vm: after }));
    return after;
  }

  /** What the hypervisor driver of a stay can do, by the configuration. */
  capabilitiesOf(stay: Pick<HistoryRecord, 'vmMad'> | undefined): VmmCapabilities {
    const entry = stay && this.#options.configuration.driver('VM_MAD', stay.vmMad);
    if (!entry) return PLAIN_VMM;
    return {
      keepSnapshots: isYes(entry.KEEP_SNAPSHOTS),
      liveResize: isYes(entry.LIVE_RESIZE),
      coldNicAttach: isYes(entry.COLD_NIC_ATTACH),
    };
  }

  /** Sends again what was under way when the front-end stopped. */
  resume(): void {
    for (const vm of this.#options.cloud.pools.vm.all()) {
      const request = requestOf(vm);
      if (request) this.#send(vm, request);
    }
  }

  /**
   * Sends a request beside the one that the VM waits for, if any.
   * @param answer told whether it worked, unless the front-end stops before
   */
  tell(vmId: number, request: DriverRequest, answer: (hasWorked: boolean) => void): void {
    const vm = this.#options.cloud.pools.vm.get(vmId);
    const { signal } = this.#aside;
    if (signal.aborted) return;
    const played = vm
      ? tracedApart(`VM ${vmId}: ${titleOf(request)}`, () => this.#play(vm, request, signal), { vm: vmId })
      : Promise.reject(new TypeError(`VM ${vmId} is gone.`));
    const told = played
      .then(
        () => answer(true),
        (error: unknown) => {
          if (signal.aborted) return;
          this.#failedAside(vmId, request, error);
          answer(false);
        },
      )
      .catch((error: unknown) => this.#logDefect(vmId, error));
    this.#told.add(told);
    void told.finally(() => this.#told.delete(told));
  }

  /** Whether a driver still works on a VM: what monitoring sees meanwhile is passing. */
  isBusy(vmId: number): boolean {
    return this.#requests.isUnderway(vmId);
  }

  /** Seconds since a driver last answered for a VM; without end when none did lately. */
  secondsSinceAnswer(vmId: number): number {
    return this.#requests.secondsSinceAnswer(vmId);
  }

  /** Writes into the log of a VM. */
  logVm(...line: Parameters<VmLogs['write']>): void {
    this.#options.vmLogs.write(...line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#aside.abort(new Error('The front-end stops.'));
    await Promise.all([this.#requests.close(), ...this.#told]);
  }

  #put(before: Vm | undefined, vm: Vm, { enforceQuotas = false }: ApplyOptions): Vm {
    const { cloud, clock, vmLogs } = this.#options;
    const after = cloud.pools.vm.put(withSharedTemplates(before, withUseOfEnded(before, this.#withPort(vm))));
    keepChangedBodies(cloud, before, after);
    settle(cloud, before, after, { now: clock.now(), enforceQuotas });
    cloud.afterCommit(() => logStates(vmLogs, before, after));
    return after;
  }

  #withPort(vm: Vm): Vm {
    if (!vm.template.has('GRAPHICS')) return vm;
    const clusterId = currentRecord(vm)?.clusterId;
    const { cloud, configuration } = this.#options;
    const range = portRange(configuration.vector('VNC_PORTS'));
    return withDisplayPort(vm, range, (port) => cloud.pools.vm.ids('port', `${clusterId} ${port}`).size > 0);
  }

  /** What comes after a commit. A later change of the same transaction has its own step. */
  #follow({ vm, cancels, request }: Step): void {
    if (cancels) this.#requests.giveUp(vm.id);
    if (request) this.#send(vm, request);
  }

  #send(vm: Vm, request: DriverRequest): void {
    const hostId = currentRecord(vm)?.hostId ?? -1;
    this.#requests.start(
      vm.id,
      hostId,
      (signal) => tracedApart(`VM ${vm.id}: ${titleOf(request)}`, () => this.#play(vm, request, signal), { vm: vm.id }),
      (result) => this.#answered(vm.id, request, result),
    );
  }

  async #play(vm: Vm, request: DriverRequest, signal: AbortSignal): Promise<string> {
    const { drivers, places, cloud, vmLogs } = this.#options;
    const context: PlayContext = {
      vm: cloud.secrets.open('vm', vm),
      drivers,
      places,
      signal,
      files: this.#files,
      log: (module, level, text) => vmLogs.write(vm.id, module, level, text),
      findDatastore(id) {
        const datastore = cloud.pools.datastore.get(id);
        return datastore && cloud.secrets.open('datastore', datastore);
      },
      canSnapshotLive: (vmMad, tmMad) => LIVE_DISK_SNAPSHOTS.has(vmMad) || LIVE_DISK_SNAPSHOTS.has(`${vmMad}-${tmMad}`),
    };
    if (request.family === 'vmm') return playVmmRequest(context, request);
    const stages = transferStages(request.script, vm, places);
    const script = transferPath(places, vm.id, recordOf(vm), request.script);
    await Promise.all([this.#files.write(script, printTransfer(stages)), playTransfer(context, stages)]);
    return '';
  }

  #answered(vmId: number, request: DriverRequest, result: { output: string } | { error: unknown }): void {
    const { cloud } = this.#options;
    try {
      cloud.transaction(() => {
        const vm = cloud.pools.vm.get(vmId);
        if (!vm) return;
        if ('output' in result) this.apply(vm, { name: 'done', output: result.output });
        else this.apply(this.#withError(vm, request, result.error), { name: 'failed' });
      });
    } catch (error) {
      this.#logDefect(vmId, error);
    }
  }

  /** Of a store that cannot be written to, for one. The answer is lost; the front-end goes on. */
  #logDefect(vmId: number, error: unknown): void {
    const text = traceOf(error);
    this.#options.log('DiM', 'error', `VM ${vmId}: ${text}`);
  }

  #failedAside(vmId: number, request: DriverRequest, error: unknown): void {
    const { cloud } = this.#options;
    cloud.transaction(() => {
      const vm = cloud.pools.vm.get(vmId);
      if (vm) this.update(this.#withError(vm, request, error));
    });
  }

  /** A failed reboot or clean-up is only logged. */
  #withError(vm: Vm, request: DriverRequest, error: unknown): Vm {
    const { clock, vmLogs } = this.#options;
    const reason = failureText(error);
    const text =
      request.family === 'tm' ? `Error executing image transfer script: ${reason}` : `${request.request}: ${reason}`;
    vmLogs.write(vm.id, request.family === 'tm' ? 'TM' : 'VMM', 'error', text);
    if (request.family === 'vmm' && ['REBOOT', 'RESET', 'CLEANUP'].includes(request.request)) return vm;
    return withMessage(vm, 'ERROR', text, logTime(clock.now()));
  }
}

/**
 * Hypervisors, or pairs of hypervisor and transfer driver, that can copy the disks of a running guest
 * (LIVE_DISK_SNAPSHOTS in vmm_execrc, 7.4). The dummy can everything.
 */
const LIVE_DISK_SNAPSHOTS: ReadonlySet<string> = new Set([
  'kvm-qcow2',
  'kvm-shared',
  'kvm-ceph',
  'kvm-ssh',
  'onedock-onedock',
  'onedock-local',
  'dummy',
]);

/** VMs of one template share most of what stands in theirs. One that has not changed stays the same object. */
function withSharedTemplates(before: Vm | undefined, vm: Vm): Vm {
  const shared = (name: 'template' | 'userTemplate') =>
    before?.[name] === vm[name] ? vm[name] : withSharedAttributes(vm[name]);
  const [template, userTemplate] = [shared('template'), shared('userTemplate')];
  return template === vm.template && userTemplate === vm.userTemplate ? vm : { ...vm, template, userTemplate };
}

/** As a trace calls it: `DEPLOY`, `PROLOG`. */
function titleOf(request: DriverRequest): string {
  return request.family === 'vmm' ? request.request : request.script.toUpperCase();
}

function recordOf(vm: Vm): HistoryRecord {
  const record = currentRecord(vm) ?? previousRecord(vm);
  if (!record) throw new TypeError(`VM ${vm.id} was never placed.`);
  return record;
}
