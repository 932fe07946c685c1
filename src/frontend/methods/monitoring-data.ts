/** Samples of hosts and VMs as monitoring calls answer them. */
import { group } from '../../opennebula/xml.ts';
import type { Call } from './call.ts';

/** @param seconds how far back; 0: only the last sample of each, -1: everything */
export function monitoringData(call: Call, kind: 'host' | 'vm', ids: readonly number[], seconds: number): string {
  const { cloud, services } = call;
  if (seconds === 0) {
    return group('MONITORING_DATA', ...ids.map((id) => cloud.monitoring.last(kind, id)?.body ?? ''));
  }
  const since = seconds < 0 ? 0 : services.clock.now() - seconds;
  return group('MONITORING_DATA', ...cloud.monitoring.read(kind, ids, since).map(({ body }) => body));
}
