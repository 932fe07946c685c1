/**
 * Room of datastores: asked of their drivers at the start, every MONITORING_INTERVAL_DATASTORE seconds, and whenever
 * something was put in or taken out. System datastores that lie on the hosts are reported by these.
 */
import { failureText } from '../../drivers/contract/action.ts';
import type { DriverRunner } from '../../drivers/contract/driver-runner.ts';
import { parseTemplate } from '../../opennebula/template.ts';
import { group, text } from '../../opennebula/xml.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { type Datastore, isShared } from '../objects/datastore.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { oneAtATime } from '../platform/one-at-a-time.ts';
import type { Cloud } from '../store/cloud.ts';
import { callDatastore } from './datastore-action.ts';

export interface DatastoreMonitorOptions {
  readonly cloud: Cloud;
  readonly drivers: DriverRunner;
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly log: Log;
}

export interface DatastoreMonitor extends Disposable {
  /** Asks for the room of a datastore anew. */
  look(datastoreId: number): void;
}

export function startDatastoreMonitor(options: DatastoreMonitorOptions): DatastoreMonitor {
  const { cloud, configuration, clock } = options;
  const stop = new AbortController();
  const look = oneAtATime((id) => monitor(options, id, stop.signal), stop.signal);
  const lookAtAll = () => {
    for (const { id } of cloud.pools.datastore.all()) look(id);
  };

  const subscription = cloud.subscribe((changes) => {
    for (const change of changes) if (change.kind === 'datastore' && !change.before) look(change.id);
  });
  const timer = clock.every(configuration.number('MONITORING_INTERVAL_DATASTORE'), lookAtAll);
  lookAtAll();
  return {
    look,
    [Symbol.dispose]() {
      stop.abort();
      timer[Symbol.dispose]();
      subscription[Symbol.dispose]();
    },
  };
}

async function monitor(options: DatastoreMonitorOptions, id: number, signal: AbortSignal): Promise<void> {
  const { cloud, drivers, configuration, log } = options;
  const datastore = cloud.pools.datastore.get(id);
  if (!datastore || !isAsked(datastore)) return;
  try {
    const extra =
      datastore.type === 'SYSTEM_DS'
        ? text('DATASTORE_LOCATION', configuration.text('DATASTORE_LOCATION')) + group('MONITOR_VM_DISKS')
        : '';
    const output = await callDatastore(drivers, cloud, { action: 'monitor', datastore, id, extra, signal });
    if (signal.aborted) return;
    const report = parseTemplate(decode(output));
    const figure = (name: string) => Math.trunc(Number(report.get(name) ?? 0)) || 0;
    const space = { totalMb: figure('TOTAL_MB'), freeMb: figure('FREE_MB'), usedMb: figure('USED_MB') };
    takeOver(cloud, id, space);
    log('ImM', 'debug', `Datastore ${datastore.name} (${id}) successfully monitored.`);
  } catch (error) {
    if (!signal.aborted) log('ImM', 'error', `Error monitoring datastore ${id}: ${failureText(error)}`);
  }
}

/** Room on the hosts themselves is in their own reports. */
function isAsked(datastore: Datastore): boolean {
  return datastore.type === 'SYSTEM_DS' ? isShared(datastore) : true;
}

function takeOver(cloud: Cloud, id: number, space: Pick<Datastore, 'totalMb' | 'freeMb' | 'usedMb'>): void {
  const datastore = cloud.pools.datastore.get(id);
  if (!datastore) return;
  const { totalMb, freeMb, usedMb } = datastore;
  if (totalMb === space.totalMb && freeMb === space.freeMb && usedMb === space.usedMb) return;
  cloud.transaction(() => cloud.pools.datastore.put({ ...datastore, ...space }));
}

/** Lines as drivers print them, or the base64 of them that OpenNebula's own driver manager makes. */
function decode(output: string): string {
  const text =
    output.includes('=') && /[A-Z]_MB/.test(output) ? output : Buffer.from(output, 'base64').toString('utf8');
  return `${text.trim()}\n`;
}
