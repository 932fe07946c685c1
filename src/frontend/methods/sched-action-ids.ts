/** Ids of scheduled actions: one count for the whole cloud. */
import type { Cloud } from '../store/cloud.ts';

const NAME = 'sched-actions';

/** Within a transaction. */
export function nextSchedActionId(cloud: Cloud): number {
  const { nextId = 0 } = cloud.settings.get<{ nextId: number }>(NAME) ?? {};
  cloud.settings.put(NAME, { nextId: nextId + 1 });
  return nextId;
}
