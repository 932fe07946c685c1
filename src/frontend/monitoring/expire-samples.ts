/** Forgets monitoring samples that are older than the configuration wants them kept. */
import type { Configuration } from '../configuration/configuration.ts';
import type { Clock } from '../platform/clock.ts';
import type { Cloud } from '../store/cloud.ts';

const CHECK_SECONDS = 600;

/** Of monitord.conf, which `one.system.config` does not show. */
const KEPT_SECONDS = { HOST_MONITORING_EXPIRATION_TIME: 43_200, VM_MONITORING_EXPIRATION_TIME: 14_400 } as const;

export function startExpiry(cloud: Cloud, configuration: Configuration, clock: Clock): Disposable {
  return clock.every(CHECK_SECONDS, () => {
    const keptSince = (name: keyof typeof KEPT_SECONDS) =>
      clock.now() - (configuration.isGiven(name) ? configuration.number(name) : KEPT_SECONDS[name]);
    cloud.monitoring.expire('host', keptSince('HOST_MONITORING_EXPIRATION_TIME'));
    cloud.monitoring.expire('vm', keptSince('VM_MONITORING_EXPIRATION_TIME'));
  });
}
