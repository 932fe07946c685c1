import type { MonitorReport } from '../../contract/driver-runner.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { readinessOf } from '../../hosts/live-migration.ts';
import { findAilment } from './health.ts';
import { describeHost, findWild, type WantedDatastores } from './look-at-host.ts';
import { systemReport } from './reports.ts';

/** SYSTEM_HOST: what the host is, the containers on it that are no VMs, and what is amiss with it. @param looking  where somebody looks already */
export async function lookAtSystem(
  host: DockerHost,
  wanted: WantedDatastores,
  hostId: number,
  signal: AbortSignal,
  looking = describeHost(host, wanted, signal),
): Promise<MonitorReport> {
  const [description, wild, ailment, live] = await Promise.all([
    looking,
    findWild(host, wanted, signal),
    findAilment(host, signal),
    // A host of another release knows no such question.
    readinessOf(host, signal, async () => (await looking).engine).catch(() => undefined),
  ]);
  return systemReport(description, { wild, hostId, ailment, live });
}
