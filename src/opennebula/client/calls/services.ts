/** one.hook, one.vrouter, one.vdc, one.vmgroup, one.vntemplate, their pools, and one.hooklog. */
import { boolean, call, element, id, int, pool, string } from '../call.ts';
import { OneDocument, OwnedDocument } from '../document.ts';
import { basic, info, lockable, owned, POOL_RANGE } from './common.ts';

export const hook = {
  ...basic,
  ...lockable,
  info: info(OneDocument),
  allocate: call([string], id),
  /** Hook, execution. */
  retry: call([int, int], id),
};

export const hookpool = { info: call(POOL_RANGE, pool(OneDocument)) };

export const hooklog = {
  /** From and to in epoch seconds, hook, -1 for each: any; 1 only what succeeded, -1 only what failed, 0 both. */
  info: call([int, int, int, int], element),
};

export const vrouter = {
  ...owned,
  ...lockable,
  info: info(OwnedDocument),
  allocate: call([string], id),
  /** Router, number of VMs, template, name, whether on hold, more template. */
  instantiate: call([int, int, int, string, boolean, string], id),
  attachnic: call([int, string], id),
  detachnic: call([int, int], id),
};

export const vrouterpool = { info: call(POOL_RANGE, pool(OwnedDocument)) };

/** VDC, zone, what becomes part of it or no longer is. */
const part = call([int, int, int], id);
const groupPart = call([int, int], id);

export const vdc = {
  ...basic,
  info: info(OneDocument),
  allocate: call([string], id),
  addgroup: groupPart,
  delgroup: groupPart,
  addcluster: part,
  delcluster: part,
  addhost: part,
  delhost: part,
  adddatastore: part,
  deldatastore: part,
  addvnet: part,
  delvnet: part,
};

export const vdcpool = { info: call([], pool(OneDocument)) };

export const vmgroup = {
  ...owned,
  ...lockable,
  info: info(OwnedDocument),
  allocate: call([string], id),
  roleadd: call([int, string], id),
  roledelete: call([int, int], id),
  roleupdate: call([int, int, string], id),
};

export const vmgrouppool = { info: call(POOL_RANGE, pool(OwnedDocument)) };

export const vntemplate = {
  ...owned,
  ...lockable,
  info: info(OwnedDocument),
  allocate: call([string], id),
  clone: call([int, string], id),
  /** Template, name, more template; answers the network. */
  instantiate: call([int, string, string], id),
};

export const vntemplatepool = { info: call(POOL_RANGE, pool(OwnedDocument)) };
