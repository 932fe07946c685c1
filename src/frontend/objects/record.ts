/**
 * What all objects of the cloud share. A record is never changed: an operation makes another one, which takes its place
 * in the pool. So a transaction is undone by putting the old record back, and whatever was computed from a record
 * (its document, for one) may be kept with it.
 */

import type { Permissions } from '../../opennebula/permissions.ts';
import type { Template } from '../../opennebula/template.ts';

export interface ObjectRecord {
  readonly id: number;
  readonly name: string;
}

/** An object with an owner, a group and permission bits. */
export interface OwnedRecord extends ObjectRecord {
  readonly uid: number;
  readonly gid: number;
  readonly uname: string;
  readonly gname: string;
  readonly permissions: Permissions;
}

export interface Lock {
  /** 1 use, 2 manage, 3 admin: this right and those above it are refused. */
  readonly level: number;
  /** Who locked. */
  readonly uid: number;
  /** Epoch seconds. */
  readonly time: number;
  readonly requestId: number;
}

export interface LockableRecord extends ObjectRecord {
  readonly lock?: Lock;
}

/** An object with attributes of the user's own. */
export interface TemplateRecord extends ObjectRecord {
  readonly template: Template;
}
