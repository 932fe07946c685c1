/** What can happen to a VM: a user asks for something, a driver answers, monitoring sees a change. */
import type { Actor, Placement } from '../objects/vm.ts';
import type { Operation } from '../objects/vm-operation.ts';

/** Asked for through the API or by the scheduler. */
const USER_EVENTS = [
  'hold',
  'release',
  'deploy',
  'terminate',
  'terminate-hard',
  'undeploy',
  'undeploy-hard',
  'poweroff',
  'poweroff-hard',
  'reboot',
  'reboot-hard',
  'stop',
  'suspend',
  'resume',
  'resched',
  'unresched',
  'migrate',
  'migrate-poweroff',
  'migrate-poweroff-hard',
  'migrate-live',
  'disk-attach',
  'disk-detach',
  'nic-attach',
  'nic-detach',
  'nic-update',
  'snapshot-create',
  'snapshot-revert',
  'snapshot-delete',
  'disk-snapshot-create',
  'disk-snapshot-revert',
  'disk-snapshot-delete',
  'disk-saveas',
  'disk-resize',
  'resize',
  'updateconf',
  'exec',
  'exec-cancel',
] as const;

/**
 * The ways out for a VM that is stuck. `recover-success` and `-failure` stand for the answer that did not come;
 * `recover-forget` leaves whatever is on the host there.
 */
export const RECOVER_EVENTS = [
  'recover-success',
  'recover-failure',
  'recover-retry',
  'recover-delete',
  'recover-recreate',
  'recover-forget',
] as const;

/** The driver's answer to the request that the VM waits for. */
export const ANSWERS = ['done', 'failed'] as const;

/** What monitoring says of the guest: it runs, is off or paused, or cannot be found. */
export const MONITOR_EVENTS = ['monitor-running', 'monitor-poweroff', 'monitor-suspended', 'monitor-lost'] as const;

/** The images that a VM in CLONING waits for, and the one in which a disk is to be saved. */
export const IMAGE_EVENTS = ['images-ready', 'images-failed', 'image-made'] as const;

export type UserEventName = (typeof USER_EVENTS)[number];
export type RecoverEventName = (typeof RECOVER_EVENTS)[number];
export type EventName =
  | UserEventName
  | RecoverEventName
  | (typeof ANSWERS)[number]
  | (typeof MONITOR_EVENTS)[number]
  | (typeof IMAGE_EVENTS)[number];

export interface LifeCycleEvent {
  readonly name: EventName;
  /** Missing when nobody asked: driver, monitoring. */
  readonly actor?: Actor;
  /** deploy and migrate: the destination. */
  readonly placement?: Placement;
  /** Operations on a device or snapshot: which. */
  readonly operation?: Operation;
  /** done: what the driver printed; monitor-running: the reported deploy id; image-made: the image's source. */
  readonly output?: string;
}

/** What the virtualization driver of the VM's host is configured to do (VM_MAD section of oned.conf). */
export interface VmmCapabilities {
  /** Snapshots survive that the guest goes off. */
  readonly keepSnapshots: boolean;
  /** Memory and CPU can change while the guest runs. */
  readonly liveResize: boolean;
  /** NICs of a guest that is off are attached and detached by the driver. */
  readonly coldNicAttach: boolean;
}

export const PLAIN_VMM: VmmCapabilities = { keepSnapshots: false, liveResize: false, coldNicAttach: false };
