/** one.market, one.marketapp, and their pools. */
import { boolean, call, id, int, pool, string } from '../call.ts';
import { OwnedDocument } from '../document.ts';
import { info, lockable, owned, POOL_RANGE } from './common.ts';

export const market = {
  ...owned,
  info: info(OwnedDocument),
  allocate: call([string], id),
  enable: call([int, boolean], id),
};

export const marketpool = { info: call([], pool(OwnedDocument)) };

export const marketapp = {
  ...owned,
  ...lockable,
  info: info(OwnedDocument),
  /** Template, marketplace. */
  allocate: call([string, int], id),
  enable: call([int, boolean], id),
};

export const marketapppool = { info: call(POOL_RANGE, pool(OwnedDocument)) };
