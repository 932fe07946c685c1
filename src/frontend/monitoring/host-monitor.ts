/**
 * Watches hosts: one stream of reports each, begun when the host appears, ended when it goes or is taken offline, and
 * begun anew, later and later, when it breaks. What concerns VMs is handed on (src/im/InformationManager.cc, 7.4).
 */
import { setImmediate } from 'node:timers/promises';
import { failureText } from '../../drivers/contract/action.ts';
import type { DriverRunner, MonitorReport } from '../../drivers/contract/driver-runner.ts';
import { parseTemplate, type Template, TemplateSyntaxError } from '../../opennebula/template.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { Host } from '../objects/host.ts';
import { hostMonitoringXml, withSystemReport } from '../objects/host-monitoring.ts';
import { failHost, isWatched } from '../objects/host-status.ts';
import type { Clock } from '../platform/clock.ts';
import { type Log, logTime } from '../platform/log.ts';
import type { Cloud } from '../store/cloud.ts';

export interface VmReport {
  readonly type: 'STATE_VM' | 'MONITOR_VM' | 'EXEC_VM';
  readonly hostId: number;
  readonly report: Template;
}

export interface HostMonitorOptions {
  readonly cloud: Cloud;
  readonly drivers: DriverRunner;
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly log: Log;
  readonly vmReport: (report: VmReport) => void;
  /** Called when a host has told what it measures, and that is kept. */
  readonly measured: () => void;
}

/** How long to wait before a broken stream is begun anew: doubled each time, up to the last. */
const FIRST_RETRY_SECONDS = 1;
const LAST_RETRY_SECONDS = 60;
/** Of the hosts that are there from the start: others have their turn before the next ones are begun with. */
const STARTED_AT_ONCE = 4;
/** A host that takes the connection and then says nothing has failed too. */
const FIRST_REPORT_SECONDS = 60;

/** Begins to watch all hosts, and goes on until it is disposed. */
export function startHostMonitor(options: HostMonitorOptions): Disposable {
  const { cloud } = options;
  const watches = new Map<number, Disposable>();

  const stop = (id: number) => {
    watches.get(id)?.[Symbol.dispose]();
    watches.delete(id);
  };
  const start = (host: Host) => {
    stop(host.id);
    if (isWatched(host) && options.drivers.has('im', host.imMad)) watches.set(host.id, watch(options, host));
  };

  const subscription = cloud.subscribe((changes) => {
    for (const change of changes) {
      if (change.kind !== 'host') continue;
      const { id, before, after } = change;
      if (!after) stop(id);
      else if (!before || needsNewStream(before, after)) start(after);
    }
  });
  let stopped = false;
  const startAll = async () => {
    const ids = Array.from(cloud.pools.host.all(), ({ id }) => id);
    for (const [position, id] of ids.entries()) {
      if (position > 0 && position % STARTED_AT_ONCE === 0) await setImmediate();
      const host = cloud.pools.host.get(id);
      if (stopped) return;
      if (host && !watches.has(id)) start(host);
    }
  };
  void startAll();
  return {
    [Symbol.dispose]() {
      stopped = true;
      subscription[Symbol.dispose]();
      for (const id of [...watches.keys()]) stop(id);
    },
  };
}

/** An administrator who enables a host wants it looked at now, not when the next attempt is due. */
function needsNewStream(before: Host, after: Host): boolean {
  const enabled = after.state === 'INIT' && before.state !== 'INIT';
  return (
    enabled || isWatched(before) !== isWatched(after) || before.name !== after.name || before.imMad !== after.imMad
  );
}

function watch(options: HostMonitorOptions, host: Host): Disposable {
  const { cloud, drivers, configuration, clock, log } = options;
  const stop = new AbortController();
  const { signal } = stop;
  let wait: Disposable | undefined;
  let retrySeconds = FIRST_RETRY_SECONDS;

  const monitored = {
    id: host.id,
    name: host.name,
    datastoreLocation: configuration.text('DATASTORE_LOCATION'),
    get systemDatastoreIds() {
      return systemDatastoreIds(cloud, host.id);
    },
  };
  const follow = async () => {
    using attempt = limitedAttempt(clock, signal);
    const report = (message: MonitorReport) => {
      if (attempt.signal.aborted) return;
      attempt.heard();
      retrySeconds = FIRST_RETRY_SECONDS;
      takeReport(options, host.id, message);
    };
    await Promise.race([drivers.monitor(host.imMad, monitored, report, attempt.signal), attempt.silence]);
  };
  const begin = async () => {
    const reason = await follow().then(() => 'The agent ended.', failureText);
    if (signal.aborted) return;
    wait = clock.after(retrySeconds, () => void begin());
    retrySeconds = Math.min(retrySeconds * 2, LAST_RETRY_SECONDS);
    try {
      takeFailure(options, host.id, reason);
    } catch (error) {
      log('InM', 'error', `Host ${host.name} (${host.id}): ${failureText(error)}`);
    }
  };
  log('InM', 'info', `Monitoring host ${host.name} (${host.id})`);
  void begin();
  return {
    [Symbol.dispose]() {
      stop.abort();
      wait?.[Symbol.dispose]();
    },
  };
}

/** `silence` rejects when nothing was heard in time; the signal ends the attempt when it does, and when `stop` does. */
function limitedAttempt(clock: Clock, stop: AbortSignal) {
  const over = new AbortController();
  const { promise: silence, reject } = Promise.withResolvers<never>();
  const limit = clock.after(FIRST_REPORT_SECONDS, () =>
    reject(new Error(`It has reported nothing within ${FIRST_REPORT_SECONDS} seconds.`)),
  );
  return {
    silence,
    signal: AbortSignal.any([stop, over.signal]),
    heard: () => limit[Symbol.dispose](),
    [Symbol.dispose]() {
      limit[Symbol.dispose]();
      over.abort();
    },
  };
}

function systemDatastoreIds(cloud: Cloud, hostId: number): number[] {
  const clusterId = cloud.pools.host.get(hostId)?.clusterId ?? -1;
  return Array.from(cloud.pools.datastore.ids('cluster', clusterId)).filter(
    (id) => cloud.pools.datastore.get(id)?.type === 'SYSTEM_DS',
  );
}

function takeReport(options: HostMonitorOptions, hostId: number, { type, text }: MonitorReport): void {
  const { cloud, clock, log, vmReport, measured } = options;
  const host = cloud.pools.host.get(hostId);
  if (!host || !isWatched(host) || type === 'BEACON_HOST') return;
  let report: Template;
  try {
    report = parseTemplate(`${text}\n`);
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    log('InM', 'error', `Error parsing monitoring template for host ${hostId}: ${error.message}`);
    return;
  }
  if (type === 'SYSTEM_HOST') {
    const cluster = cloud.pools.cluster.get(host.clusterId);
    cloud.transaction(() => cloud.pools.host.put(withSystemReport(host, report, cluster)));
    log('InM', 'debug', `Host ${host.name} (${hostId}) successfully monitored.`);
  } else if (type === 'MONITOR_HOST') {
    const time = clock.now();
    cloud.monitoring.append('host', hostId, time, hostMonitoringXml(hostId, time, report));
    measured();
  } else vmReport({ type, hostId, report });
}

function takeFailure({ cloud, clock, log }: HostMonitorOptions, hostId: number, reason: string): void {
  const host = cloud.pools.host.get(hostId);
  if (!host || !isWatched(host)) return;
  log('InM', 'error', `Error monitoring Host ${host.name} (${hostId}): ${reason}`);
  cloud.transaction(() => cloud.pools.host.put(failHost(host, reason, logTime(clock.now()))));
}
