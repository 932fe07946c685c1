/** one.host, one.cluster, one.vn, one.secgroup, one.zone, their pools, and one.system. */
import { boolean, call, element, id, int, optional, pool, string, text } from '../call.ts';
import { OneDocument, OwnedDocument } from '../document.ts';
import { Cluster, Host, Vnet } from '../views.ts';
import { basic, info, lockable, owned, POOL_RANGE } from './common.ts';

export const host = {
  ...basic,
  info: info(Host),
  /** Name, monitoring driver, virtualization driver, cluster. */
  allocate: call([string, string, string, optional(int, -1)], id),
  /** Host, one of `HOST_STATUS`. */
  status: call([int, int], id),
  monitoring: call([int], element),
};

export const hostpool = {
  info: call([], pool(Host)),
  monitoring: call([optional(int, -1)], element),
};

/** Cluster, member. */
const member = call([int, int], id);

export const cluster = {
  ...basic,
  info: info(Cluster),
  allocate: call([string], id),
  addhost: member,
  delhost: member,
  adddatastore: member,
  deldatastore: member,
  addvnet: member,
  delvnet: member,
  optimize: call([int], id),
  planexecute: call([int], id),
  plandelete: call([int], id),
};

export const clusterpool = { info: call([], pool(Cluster)) };

export const vn = {
  ...owned,
  ...lockable,
  info: info(Vnet),
  allocate: call([string, optional(int, -1)], id),
  add_ar: call([int, string], id),
  rm_ar: call([int, int, optional(boolean, false)], id),
  update_ar: call([int, string], id),
  free_ar: call([int, int], id),
  hold: call([int, string], id),
  release: call([int, string], id),
  /** Network, what to take; answers the network that holds it. */
  reserve: call([int, string], id),
  recover: call([int, int], id),
};

export const vnpool = { info: call(POOL_RANGE, pool(Vnet)) };

export const secgroup = {
  ...owned,
  info: info(OwnedDocument),
  allocate: call([string], id),
  clone: call([int, string], id),
  commit: call([int, boolean], id),
};

export const secgrouppool = { info: call(POOL_RANGE, pool(OwnedDocument)) };

export const zone = {
  ...basic,
  info: info(OneDocument),
  allocate: call([string], id),
  enable: call([int, boolean], id),
  addserver: call([int, string], id),
  delserver: call([int, int], id),
  resetserver: call([int, int], id),
  raftstatus: call([], element),
};

export const zonepool = { info: call([], pool(OneDocument)) };

export const system = {
  version: call([], text),
  config: call([], element),
};
