/** Follows a host as a front-end does, and keeps what is reported. */
import type { DriverRunner, MonitorReport } from '../../src/drivers/contract/driver-runner.ts';
import { parseTemplate, type Template } from '../../src/opennebula/template.ts';

export type HostReport = MonitorReport & { readonly at: number; readonly template: Template };

export interface HostWatch extends AsyncDisposable {
  readonly reports: HostReport[];
  readonly ended: Promise<void>;
  /** The first report of which this is true, from the given one on. */
  until(matches: (report: HostReport) => boolean, from?: number): Promise<HostReport>;
}

/** Watches until it is disposed of. Begins with the first reports of the host. */
export async function watchHost(drivers: DriverRunner, address: string): Promise<HostWatch> {
  const stop = new AbortController();
  const reports: HostReport[] = [];
  const wakers = new Set<() => void>();
  const watched = {
    id: 1,
    name: address,
    datastoreLocation: '/var/lib/one//datastores',
    systemDatastoreIds: [0, 100],
  };
  const take = (report: MonitorReport) => {
    reports.push({ ...report, at: Date.now(), template: parseTemplate(`${report.text}\n`) });
    for (const wake of wakers) wake();
  };
  const ended = drivers.monitor('onedock', watched, take, stop.signal);
  ended.catch(() => {});
  const watch: HostWatch = {
    reports,
    ended,
    async until(matches, from = 0) {
      for (;;) {
        const found = reports.slice(from).find(matches);
        if (found) return found;
        const { promise, resolve } = Promise.withResolvers<void>();
        wakers.add(resolve);
        await Promise.race([promise, ended]);
        wakers.delete(resolve);
      }
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
  for (const first of ['STATE_VM', 'SYSTEM_HOST', 'MONITOR_HOST']) await watch.until(({ type }) => type === first);
  return watch;
}
