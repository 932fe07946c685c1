/** Calls that many kinds of objects share, with the same parameters each time (api reference of OpenNebula, 7.4). */

import type { XmlElement } from '../../xml.ts';
import { boolean, call, documentOf, id, int, optional, string } from '../call.ts';
import { UPDATE } from '../constants.ts';

/** Use, manage and admin of the owner, of the group and of others: -1 keeps a bit, 0 and 1 set it. */
export const PERMISSION_BITS = [int, int, int, int, int, int, int, int, int] as const;

export function info<T>(view: new (element: XmlElement) => T) {
  return call([int, optional(boolean, false)], documentOf(view));
}

/** What every object with a template offers. */
export const basic = {
  delete: call([int], id),
  update: call([int, string, optional(int, UPDATE.REPLACE)], id),
  rename: call([int, string], id),
};

/** What objects with an owner offer besides. */
export const owned = {
  ...basic,
  chmod: call([int, ...PERMISSION_BITS], id),
  /** Object, user, group; -1 keeps one. */
  chown: call([int, int, int], id),
};

export const lockable = {
  lock: call([int, int, optional(boolean, false)], id),
  unlock: call([int], id),
};

/** Filter flag, first and last id; the whole pool as far as the caller may see it when left out. */
export const POOL_RANGE = [optional(int, -2), optional(int, -1), optional(int, -1)] as const;
