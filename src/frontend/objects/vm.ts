/**
 * A virtual machine as the front-end holds it. The record is immutable: each change makes a new one, of which the
 * unchanged parts are shared. Templates inside it are never changed in place.
 */
import type { HistoryAction } from '../../opennebula/history-actions.ts';
import type { Template } from '../../opennebula/template.ts';
import { memoize } from './memoize.ts';
import type { Phase } from './phase.ts';
import type { LockableRecord, OwnedRecord, TemplateRecord } from './record.ts';
import type { Operation } from './vm-operation.ts';

/** `template` holds the attributes that are the VM's own (`own-attributes.ts`). */
export interface Vm extends OwnedRecord, LockableRecord, TemplateRecord {
  readonly phase: Phase;
  /** The scheduler was asked to move the VM. */
  readonly resched: boolean;
  /** Epoch seconds; `endedAt` is 0 until DONE. */
  readonly createdAt: number;
  readonly endedAt: number;
  /** The driver's name of the guest, empty until it was deployed. */
  readonly deployId: string;
  /** All attributes that are not the VM's own. */
  readonly userTemplate: Template;
  /** Ascending; the last one is current. */
  readonly history: readonly HistoryRecord[];
  readonly diskSnapshots: readonly DiskSnapshots[];
  readonly schedActions: readonly ScheduledAction[];
  /** Missing when the phase says all. */
  readonly operation?: Operation;
  /** After stop and undeploy the disks lie on the front-end. */
  readonly disksAt: 'host' | 'front-end';
}

/** A stay of the VM on a host. All times are epoch seconds, 0 while unset. */
export interface HistoryRecord extends Placement {
  readonly seq: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly prologStartedAt: number;
  readonly prologEndedAt: number;
  readonly runStartedAt: number;
  readonly runEndedAt: number;
  readonly epilogStartedAt: number;
  readonly epilogEndedAt: number;
  /** What ended the record, and who asked for it. */
  readonly action: HistoryAction;
  readonly actor?: Actor;
  /** What the VM had until the record ended: as in its template, and MB of disks with their snapshots. */
  readonly use?: { readonly cpu: string; readonly memory: string; readonly diskMb: number };
}

/** Where a VM runs, with the drivers that serve it there. */
export interface Placement {
  readonly hostId: number;
  readonly hostName: string;
  readonly clusterId: number;
  readonly vmMad: string;
  readonly tmMad: string;
  readonly datastoreId: number;
  /** -1 and the position in the scheduler's plan; -2 and -1 when placed by hand. */
  readonly planId: number;
  readonly planActionId: number;
}

/** The user and API request behind a change. */
export interface Actor {
  readonly uid: number;
  readonly gid: number;
  readonly requestId: number;
}

/**
 * How snapshots of a disk hang together: NO, each on the one that was active; MIXED, each on the one last reverted to; YES, on
 * none; LINEAR, on none, and those younger than the one reverted to are lost.
 */
export type AllowOrphans = 'NO' | 'YES' | 'MIXED' | 'LINEAR';

/** Snapshots of one disk (src/vm/Snapshots.cc, 7.4). */
export interface DiskSnapshots {
  readonly diskId: number;
  readonly allowOrphans: AllowOrphans;
  readonly currentBase: number;
  readonly nextId: number;
  readonly snapshots: readonly DiskSnapshot[];
}

export interface DiskSnapshot {
  readonly id: number;
  /** Missing when it was made without one; empty only when it was renamed so. */
  readonly name?: string;
  readonly parent: number;
  readonly children: readonly number[];
  readonly active: boolean;
  readonly date: number;
  /** MB */
  readonly size: number;
}

/** Something to be done with the VM later, once or again and again (SCHED_ACTION; src/sam/ScheduledAction.cc, 7.4). */
export interface ScheduledAction {
  readonly id: number;
  readonly action: string;
  /** Comma list: snapshot, disk or name, as the action needs. */
  readonly args: string;
  /** Epoch seconds, as the last three. */
  readonly time: number;
  /** -1 once, 0 weekly, 1 monthly, 2 yearly, 3 every so many hours. */
  readonly repeat: number;
  /** Comma list of days in the week, month or year, or the number of hours. */
  readonly days: string;
  /** -1 and 0 never, 1 after `endValue` times, 2 at the time `endValue`. */
  readonly endType: number;
  readonly endValue: number;
  /** -1 until it was done. */
  readonly done: number;
  /** Why it could not be done. */
  readonly message: string;
  readonly warning: number;
}

export function currentRecord(vm: Vm): HistoryRecord | undefined {
  return vm.history.at(-1);
}

export function previousRecord(vm: Vm): HistoryRecord | undefined {
  return vm.history.at(-2);
}

/** The display port that the VM has in its cluster: `<cluster> <port>`. */
export function displayPortKeys(vm: Vm): string[] {
  const port = graphicsPort(vm.template);
  return port === '' ? [] : [`${currentRecord(vm)?.clusterId} ${port}`];
}

const graphicsPort = memoize((template: Template) => template.vector('GRAPHICS')?.PORT ?? '');
