/** Forgets monitoring samples that are older than the configuration wants them kept. */
import type { Configuration } from '../configuration/configuration.ts';
import type { Clock } from '../platform/clock.ts';
import type { Cloud } from '../store/cloud.ts';

const CHECK_SECONDS = 600;

export function startExpiry(cloud: Cloud, configuration: Configuration, clock: Clock): Disposable {
  return clock.every(CHECK_SECONDS, () => {
    const keptSince = (name: string) => clock.now() - configuration.number(name);
    cloud.monitoring.expire('host', keptSince('HOST_MONITORING_EXPIRATION_TIME'));
    cloud.monitoring.expire('vm', keptSince('VM_MONITORING_EXPIRATION_TIME'));
  });
}
