/**
 * Where the cloud is kept between two lives of the front-end. Everything is read once at the start; after that only
 * changes are written, all those of a transaction at once.
 */

import type { Kind, Records } from '../objects/kinds.ts';
import type { LeaseOwnerKind } from '../objects/leased-range.ts';
import type { VmThen } from '../objects/vm-then.ts';

export interface Store extends Disposable {
  load(): Snapshot;
  /** Returns when the changes would survive a `kill -9`. All of them are kept, or none. */
  commit(changes: Changes): void;
  /** What a VM was in each of its stays, by their numbers. */
  stays(vmId: number): Iterable<readonly [seq: number, body: VmThen]>;
  readonly monitoring: MonitoringLog;
}

export interface Snapshot {
  /** Ascending by id. */
  records<K extends Kind>(kind: K): Iterable<Records[K]>;
  /** The id given out last, for kinds that have counted. */
  readonly counters: ReadonlyMap<string, number>;
  links(): Iterable<Link>;
  leases(): Iterable<Lease>;
  settings(): Iterable<readonly [name: string, value: unknown]>;
}

/** That an object `of` stands in a relation to another, as VM 7 uses image 0. */
export interface Link {
  readonly relation: RelationName;
  readonly of: number;
  readonly to: number;
}

/** Relations that may grow as large as the cloud: they are not part of the records. */
export const RELATION_NAMES = [
  'host.vms',
  'image.vms',
  'image.clones',
  'image.appClones',
  'secgroup.updated',
  'secgroup.outdated',
  'secgroup.updating',
  'secgroup.error',
  'vnet.vrouters',
  'vnet.updated',
  'vnet.outdated',
  'vnet.updating',
  'vnet.error',
  'vrouter.vms',
] as const;
export type RelationName = (typeof RELATION_NAMES)[number];

export interface Lease {
  readonly vnetId: number;
  readonly rangeId: number;
  readonly index: number;
  readonly ownerKind: LeaseOwnerKind;
  readonly ownerId: number;
}

/** What a VM was in one of its stays: the VM without its history. */
export interface Stay {
  readonly vmId: number;
  readonly seq: number;
  readonly body: VmThen;
}

/** What a transaction changed. A record, link or lease that is undefined or false goes. */
export interface Changes {
  readonly records: readonly RecordChange[];
  readonly counters: ReadonlyMap<string, number>;
  readonly settings: ReadonlyMap<string, object>;
  readonly links: ReadonlyMap<string, { readonly link: Link; readonly present: boolean }>;
  readonly leases: ReadonlyMap<
    string,
    {
      readonly lease: Omit<Lease, 'ownerKind' | 'ownerId'>;
      readonly owner?: Pick<Lease, 'ownerKind' | 'ownerId'> | undefined;
    }
  >;
  readonly stays: ReadonlyMap<string, Stay>;
}

export interface RecordChange {
  readonly kind: Kind;
  readonly id: number;
  readonly record?: Records[Kind] | undefined;
}

/**
 * Samples of hosts and VMs. They come often and are no part of the cloud's state, so they are written in bulk, and the
 * last seconds may be lost.
 */
export interface MonitoringLog {
  /** @param body the MONITORING element */
  append(kind: 'host' | 'vm', id: number, time: number, body: string): void;
  /** The latest sample of an object. It is kept in memory, and lost with the process. */
  last(kind: 'host' | 'vm', id: number): MonitoringSample | undefined;
  /** Forgets the latest sample, as when an object is removed. */
  forget(kind: 'host' | 'vm', id: number): void;
  /** Ascending by id, then time. @param since epoch seconds */
  read(kind: 'host' | 'vm', ids: readonly number[], since: number): MonitoringSample[];
  /** Forgets what is older. */
  expire(kind: 'host' | 'vm', before: number): void;
}

export interface MonitoringSample {
  readonly id: number;
  readonly time: number;
  readonly body: string;
}
