/**
 * States of a VM: STATE, and LCM_STATE while STATE is ACTIVE. Numbers and names are OpenNebula's
 * (include/VirtualMachine.h, 7.4), short names are those its commands print.
 */
import { entriesOf } from './tables.ts';
export const VM_STATE = {
  INIT: 0,
  PENDING: 1,
  HOLD: 2,
  ACTIVE: 3,
  STOPPED: 4,
  SUSPENDED: 5,
  DONE: 6,
  POWEROFF: 8,
  UNDEPLOYED: 9,
  CLONING: 10,
  CLONING_FAILURE: 11,
} as const;

export type VmState = keyof typeof VM_STATE;

export const LCM_STATE = {
  LCM_INIT: 0,
  PROLOG: 1,
  BOOT: 2,
  RUNNING: 3,
  MIGRATE: 4,
  SAVE_STOP: 5,
  SAVE_SUSPEND: 6,
  SAVE_MIGRATE: 7,
  PROLOG_MIGRATE: 8,
  PROLOG_RESUME: 9,
  EPILOG_STOP: 10,
  EPILOG: 11,
  SHUTDOWN: 12,
  CLEANUP_RESUBMIT: 15,
  UNKNOWN: 16,
  HOTPLUG: 17,
  SHUTDOWN_POWEROFF: 18,
  BOOT_UNKNOWN: 19,
  BOOT_POWEROFF: 20,
  BOOT_SUSPENDED: 21,
  BOOT_STOPPED: 22,
  CLEANUP_DELETE: 23,
  HOTPLUG_SNAPSHOT: 24,
  HOTPLUG_NIC: 25,
  HOTPLUG_SAVEAS: 26,
  HOTPLUG_SAVEAS_POWEROFF: 27,
  HOTPLUG_SAVEAS_SUSPENDED: 28,
  SHUTDOWN_UNDEPLOY: 29,
  EPILOG_UNDEPLOY: 30,
  PROLOG_UNDEPLOY: 31,
  BOOT_UNDEPLOY: 32,
  HOTPLUG_PROLOG_POWEROFF: 33,
  HOTPLUG_EPILOG_POWEROFF: 34,
  BOOT_MIGRATE: 35,
  BOOT_FAILURE: 36,
  BOOT_MIGRATE_FAILURE: 37,
  PROLOG_MIGRATE_FAILURE: 38,
  PROLOG_FAILURE: 39,
  EPILOG_FAILURE: 40,
  EPILOG_STOP_FAILURE: 41,
  EPILOG_UNDEPLOY_FAILURE: 42,
  PROLOG_MIGRATE_POWEROFF: 43,
  PROLOG_MIGRATE_POWEROFF_FAILURE: 44,
  PROLOG_MIGRATE_SUSPEND: 45,
  PROLOG_MIGRATE_SUSPEND_FAILURE: 46,
  BOOT_UNDEPLOY_FAILURE: 47,
  BOOT_STOPPED_FAILURE: 48,
  PROLOG_RESUME_FAILURE: 49,
  PROLOG_UNDEPLOY_FAILURE: 50,
  DISK_SNAPSHOT_POWEROFF: 51,
  DISK_SNAPSHOT_REVERT_POWEROFF: 52,
  DISK_SNAPSHOT_DELETE_POWEROFF: 53,
  DISK_SNAPSHOT_SUSPENDED: 54,
  DISK_SNAPSHOT_DELETE_SUSPENDED: 56,
  DISK_SNAPSHOT: 57,
  DISK_SNAPSHOT_DELETE: 59,
  PROLOG_MIGRATE_UNKNOWN: 60,
  PROLOG_MIGRATE_UNKNOWN_FAILURE: 61,
  DISK_RESIZE: 62,
  DISK_RESIZE_POWEROFF: 63,
  DISK_RESIZE_UNDEPLOYED: 64,
  HOTPLUG_NIC_POWEROFF: 65,
  HOTPLUG_RESIZE: 66,
  HOTPLUG_SAVEAS_UNDEPLOYED: 67,
  HOTPLUG_SAVEAS_STOPPED: 68,
  BACKUP: 69,
  BACKUP_POWEROFF: 70,
  RESTORE: 71,
} as const;

export type LcmState = keyof typeof LCM_STATE;

const VM_STATE_SHORT: Record<VmState, string> = {
  INIT: 'init',
  PENDING: 'pend',
  HOLD: 'hold',
  ACTIVE: 'actv',
  STOPPED: 'stop',
  SUSPENDED: 'susp',
  DONE: 'done',
  POWEROFF: 'poff',
  UNDEPLOYED: 'unde',
  CLONING: 'clon',
  CLONING_FAILURE: 'fail',
};

/** Prefixes of LCM state names and the short name they share, the first match counts. */
const LCM_SHORT_BY_PATTERN: ReadonlyArray<readonly [RegExp, string]> = [
  [/^LCM_INIT$/, ''],
  [/_FAILURE$/, 'fail'],
  [/^(MIGRATE|PROLOG_MIGRATE)/, 'migr'],
  [/^PROLOG/, 'prol'],
  [/^BOOT/, 'boot'],
  [/^RUNNING/, 'runn'],
  [/^SAVE_/, 'save'],
  [/^EPILOG/, 'epil'],
  [/^SHUTDOWN/, 'shut'],
  [/^CLEANUP/, 'clea'],
  [/^UNKNOWN/, 'unkn'],
  [/^(HOTPLUG_SNAPSHOT|DISK_SNAPSHOT)/, 'snap'],
  [/^HOTPLUG/, 'hotp'],
  [/^DISK_RESIZE/, 'drsz'],
  [/^BACKUP/, 'back'],
  [/^RESTORE/, 'rest'],
];

const stateNames = new Map<number, VmState>(entriesOf(VM_STATE).map(([name, number]) => [number, name]));
const lcmNames = new Map<number, LcmState>(entriesOf(LCM_STATE).map(([name, number]) => [number, name]));

/** @throws RangeError for a number that OpenNebula does not use */
export function vmStateName(number: number): VmState {
  const name = stateNames.get(number);
  if (name === undefined) throw new RangeError(`${number} is no VM state of OpenNebula.`);
  return name;
}

/** @throws RangeError for a number that OpenNebula does not use */
export function lcmStateName(number: number): LcmState {
  const name = lcmNames.get(number);
  if (name === undefined) throw new RangeError(`${number} is no LCM state of OpenNebula.`);
  return name;
}

/** What the STAT column of `onevm list` shows: the LCM short name while ACTIVE, else that of the state. */
export function vmShortState(state: VmState, lcmState: LcmState): string {
  if (state !== 'ACTIVE') return VM_STATE_SHORT[state];
  return LCM_SHORT_BY_PATTERN.find(([pattern]) => pattern.test(lcmState))?.[1] ?? '';
}
