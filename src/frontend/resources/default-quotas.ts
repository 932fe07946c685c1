/** Limits for users and groups that have none of their own (`one.userquota`, `one.groupquota`). */
import { NO_QUOTAS, type Quotas } from '../objects/quotas.ts';
import type { Cloud } from '../store/cloud.ts';

export function defaultQuotas(cloud: Cloud, whose: 'user' | 'group'): Quotas {
  return cloud.settings.get<Quotas>(settingName(whose)) ?? NO_QUOTAS;
}

/** Within a transaction. */
export function setDefaultQuotas(cloud: Cloud, whose: 'user' | 'group', quotas: Quotas): void {
  cloud.settings.put(settingName(whose), quotas);
}

function settingName(whose: 'user' | 'group'): string {
  return `default ${whose} quotas`;
}
