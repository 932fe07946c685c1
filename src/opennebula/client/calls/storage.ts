/** one.image, one.template, one.datastore, their pools, and one.document. */
import { boolean, call, documentOf, id, int, optional, pool, string, text } from '../call.ts';
import { OwnedDocument } from '../document.ts';
import { Datastore, Image, VmTemplate } from '../views.ts';
import { info, lockable, owned, PERMISSION_BITS, POOL_RANGE } from './common.ts';

export const image = {
  ...owned,
  ...lockable,
  info: info(Image),
  /** Template, datastore, whether free space is left unchecked. */
  allocate: call([string, int, optional(boolean, false)], id),
  delete: call([int, optional(boolean, false)], id),
  enable: call([int, boolean], id),
  persistent: call([int, boolean], id),
  chtype: call([int, string], id),
  clone: call([int, string, optional(int, -1)], id),
  snapshotdelete: call([int, int], id),
  snapshotrevert: call([int, int], id),
  snapshotflatten: call([int, int], id),
  restore: call([int, int, string], text),
};

export const imagepool = { info: call(POOL_RANGE, pool(Image)) };

export const template = {
  ...owned,
  ...lockable,
  /** Template, whether disks and NICs are filled in as in a VM, whether secrets are shown. */
  info: call([int, optional(boolean, false), optional(boolean, false)], documentOf(VmTemplate)),
  allocate: call([string], id),
  /** Template, name of the VM, whether on hold, text that goes over the template, whether images are cloned; answers the VM. */
  instantiate: call(
    [int, optional(string, ''), optional(boolean, false), optional(string, ''), optional(boolean, false)],
    id,
  ),
  delete: call([int, optional(boolean, false)], id),
  clone: call([int, string, optional(boolean, false)], id),
  chmod: call([int, ...PERMISSION_BITS, optional(boolean, false)], id),
};

export const templatepool = { info: call(POOL_RANGE, pool(VmTemplate)) };

export const datastore = {
  ...owned,
  info: info(Datastore),
  /** Template, cluster. */
  allocate: call([string, optional(int, -1)], id),
  enable: call([int, boolean], id),
};

export const datastorepool = { info: call([], pool(Datastore)) };

/** Documents of type 100 are OneFlow services, 101 their templates; a number of one's own is free. */
export const document = {
  ...owned,
  ...lockable,
  info: info(OwnedDocument),
  /** Template, number of the type. */
  allocate: call([string, int], id),
  clone: call([int, string], id),
};

/** Filter flag, first and last id, number of the type. */
export const documentpool = { info: call([int, int, int, int], pool(OwnedDocument)) };
