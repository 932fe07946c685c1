/** Monitoring of hosts with Docker, by its events. */
import type { MonitorDriver } from '../../contract/driver-table.ts';
import { monitor } from './monitor.ts';
import { probes } from './probes.ts';
import type { ImServices } from './services.ts';

export const onedock = {
  monitor: (host, report, context) => monitor(host, report, context),
  probes,
} satisfies MonitorDriver<ImServices>;
