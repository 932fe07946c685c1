/** Room in datastores (src/datastore/Datastore.cc get_avail_mb, 7.4). */
import type { Datastore } from '../objects/datastore.ts';

/** MB that new images may take: LIMIT_MB less what is used, or what is free. */
export function availableMb({ template, freeMb, usedMb }: Datastore): number {
  const limit = template.get('LIMIT_MB');
  return Math.max(0, limit !== undefined && /^\d+$/.test(limit) ? Number(limit) - usedMb : freeMb);
}

/** @param byDefault DATASTORE_CAPACITY_CHECK of the configuration */
export function checksCapacity({ template }: Datastore, byDefault: boolean): boolean {
  const own = template.get('DATASTORE_CAPACITY_CHECK');
  return own === undefined ? byDefault : own.toUpperCase() === 'YES';
}
