/** one.vm and one.vmpool. */
import { boolean, call, element, id, int, optional, pool, string } from '../call.ts';
import { MIGRATE_BY, UPDATE } from '../constants.ts';
import { Vm } from '../views.ts';
import { info, lockable, owned } from './common.ts';

const { delete: _, ...ownedByVm } = owned;

/** Filter flag, first and last id, state: all but DONE when left out. */
const VM_RANGE = [optional(int, -2), optional(int, -1), optional(int, -1), optional(int, -1)] as const;

export const vm = {
  ...ownedByVm,
  ...lockable,
  info: info(Vm),
  /** Template, whether on hold. */
  allocate: call([string, optional(boolean, false)], id),
  /** Name of the action first, then the VM. */
  action: call([string, int], id),
  /** VM, host, whether capacity is enforced, system datastore, more template for NICs in mode auto. */
  deploy: call([int, int, optional(boolean, false), optional(int, -1), optional(string, '')], id),
  /** VM, host, whether live, whether capacity is enforced, system datastore, one of `MIGRATE_BY`. */
  migrate: call([int, int, boolean, optional(boolean, false), optional(int, -1), optional(int, MIGRATE_BY.SAVE)], id),
  /** VM, one of `RECOVER`. */
  recover: call([int, int], id),
  attach: call([int, string], id),
  detach: call([int, int], id),
  attachnic: call([int, string], id),
  detachnic: call([int, int], id),
  updatenic: call([int, int, string, optional(int, UPDATE.REPLACE)], id),
  attachsg: call([int, int, int], id),
  detachsg: call([int, int, int], id),
  attachpci: call([int, string], id),
  detachpci: call([int, int], id),
  /** VM, disk, name and type of the new image ('' as the source), snapshot (-1 the current state); answers the image. */
  disksaveas: call([int, int, string, optional(string, ''), optional(int, -1)], id),
  disksnapshotcreate: call([int, int, string], id),
  disksnapshotdelete: call([int, int, int], id),
  disksnapshotrevert: call([int, int, int], id),
  disksnapshotrename: call([int, int, int, string], id),
  /** VM, disk, new size in MB as text. */
  diskresize: call([int, int, string], id),
  snapshotcreate: call([int, string], id),
  snapshotrevert: call([int, int], id),
  snapshotdelete: call([int, int], id),
  resize: call([int, string, optional(boolean, true)], id),
  updateconf: call([int, string, optional(int, UPDATE.REPLACE)], id),
  monitoring: call([int], element),
  schedadd: call([int, string], id),
  schedupdate: call([int, int, string], id),
  scheddelete: call([int, int], id),
  backup: call([int, optional(int, -1), optional(boolean, false)], id),
  backupcancel: call([int], id),
  /** VM, image, increment, disk; -1 the last, all. */
  restore: call([int, int, int, int], id),
  /** VM, command, its standard input in base64. */
  exec: call([int, string, string], id),
  retryexec: call([int], id),
  cancelexec: call([int], id),
  vmgroupadd: call([int, int, string], id),
  vmgroupdel: call([int], id),
};

export const vmpool = {
  info: call(VM_RANGE, pool(Vm)),
  infoextended: call(VM_RANGE, pool(Vm)),
  /** Ids with commas, whether whole VMs. */
  infoset: call([string, boolean], pool(Vm)),
  monitoring: call([int, optional(int, -1)], element),
  /** Filter flag, from and to in epoch seconds, -1 open. */
  accounting: call([int, int, int], element),
  showback: call([int, int, int, int, int], element),
  calculateshowback: call([int, int, int, int], id),
};
