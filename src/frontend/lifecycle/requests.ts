/**
 * What a VM waits for: the one request to its drivers that belongs to the phase. It is derived from the record, so a
 * front-end that was killed sends it again when it starts; every driver action can be repeated.
 */
import type { HistoryAction } from '../../opennebula/history-actions.ts';
import type { Phase } from '../objects/phase.ts';
import { currentRecord, type Vm } from '../objects/vm.ts';
import type { Operation } from '../objects/vm-operation.ts';

/** Transfer scripts, by the suffix of their file (src/tm/TransferManager.cc, 7.4). */
export type TransferScript =
  | 'prolog'
  | 'migrate'
  | 'resume'
  | 'prolog_attach'
  | 'epilog'
  | 'stop'
  | 'delete'
  | 'delete_both'
  | 'epilog_detach'
  | 'disk_saveas'
  | 'disk_snapshot'
  | 'disk_resize';

/** Requests to the virtualization driver (include/ProtocolMessages.h, 7.4). */
export type VmmRequest =
  | 'DEPLOY'
  | 'RESTORE'
  | 'SAVE'
  | 'SHUTDOWN'
  | 'CANCEL'
  | 'REBOOT'
  | 'RESET'
  | 'MIGRATE'
  | 'ATTACHDISK'
  | 'DETACHDISK'
  | 'ATTACHNIC'
  | 'DETACHNIC'
  | 'UPDATENIC'
  | 'UPDATECONF'
  | 'UPDATESG'
  | 'SNAPSHOTCREATE'
  | 'SNAPSHOTREVERT'
  | 'SNAPSHOTDELETE'
  | 'DISKSNAPSHOTCREATE'
  | 'RESIZEDISK'
  | 'RESIZE'
  | 'EXEC'
  | 'EXECCANCEL'
  | 'CLEANUP';

export type DriverRequest =
  | { readonly family: 'tm'; readonly script: TransferScript }
  | { readonly family: 'vmm'; readonly request: VmmRequest; readonly at?: RequestPlace };

/** Whose host: the current record's, unless a migration is about the one before, or both. */
export type RequestPlace = 'previous' | 'both';

const tm = (script: TransferScript): DriverRequest => ({ family: 'tm', script });
const vmm = (request: VmmRequest, at?: RequestPlace): DriverRequest =>
  at ? { family: 'vmm', request, at } : { family: 'vmm', request };

const HARD: ReadonlySet<HistoryAction> = new Set([
  'terminate-hard',
  'poweroff-hard',
  'undeploy-hard',
  'poweroff-hard-migrate',
]);
const lastAction = (vm: Vm) => currentRecord(vm)?.action ?? 'none';
const shutdown = (vm: Vm) => vmm(HARD.has(lastAction(vm)) ? 'CANCEL' : 'SHUTDOWN');

const OPERATION_REQUEST: { readonly [Kind in Operation['kind']]?: DriverRequest } = {
  reboot: vmm('REBOOT'),
  'reboot-hard': vmm('RESET'),
  'disk-attach': vmm('ATTACHDISK'),
  'disk-detach': vmm('DETACHDISK'),
  'nic-attach': vmm('ATTACHNIC'),
  'nic-detach': vmm('DETACHNIC'),
  'nic-update': vmm('UPDATENIC'),
  updateconf: vmm('UPDATECONF'),
  'snapshot-create': vmm('SNAPSHOTCREATE'),
  'snapshot-revert': vmm('SNAPSHOTREVERT'),
  'snapshot-delete': vmm('SNAPSHOTDELETE'),
  resize: vmm('RESIZE'),
  exec: vmm('EXEC'),
  'exec-cancel': vmm('EXECCANCEL'),
};
/** A disk is saved once the image has a place. */
const saveas = ({ operation }: Vm) =>
  operation?.kind === 'disk-saveas' && operation.source !== '' ? tm('disk_saveas') : undefined;
const ofOperation = (vm: Vm) => vm.operation && OPERATION_REQUEST[vm.operation.kind];

type Request = DriverRequest | ((vm: Vm) => DriverRequest | undefined);

const REQUESTS: { readonly [Name in Phase]?: Request } = {
  PROLOG: tm('prolog'),
  BOOT: vmm('DEPLOY'),
  BOOT_UNKNOWN: vmm('DEPLOY'),
  BOOT_POWEROFF: vmm('DEPLOY'),
  BOOT_UNDEPLOY: vmm('DEPLOY'),
  BOOT_SUSPENDED: vmm('RESTORE'),
  BOOT_STOPPED: vmm('RESTORE'),
  BOOT_MIGRATE: vmm('RESTORE'),
  RUNNING: ofOperation,
  SHUTDOWN: shutdown,
  SHUTDOWN_POWEROFF: shutdown,
  SHUTDOWN_UNDEPLOY: shutdown,
  EPILOG: tm('epilog'),
  SAVE_STOP: vmm('SAVE'),
  SAVE_SUSPEND: vmm('SAVE'),
  EPILOG_STOP: tm('stop'),
  EPILOG_UNDEPLOY: tm('stop'),
  PROLOG_RESUME: tm('resume'),
  PROLOG_UNDEPLOY: tm('resume'),
  MIGRATE: vmm('MIGRATE'),
  SAVE_MIGRATE: (vm) => {
    const kind = lastAction(vm);
    const isOff = kind === 'poweroff-migrate' || kind === 'poweroff-hard-migrate';
    return vmm(isOff ? (HARD.has(kind) ? 'CANCEL' : 'SHUTDOWN') : 'SAVE', 'previous');
  },
  PROLOG_MIGRATE: tm('migrate'),
  PROLOG_MIGRATE_POWEROFF: tm('migrate'),
  PROLOG_MIGRATE_SUSPEND: tm('migrate'),
  PROLOG_MIGRATE_UNKNOWN: tm('migrate'),
  HOTPLUG: ofOperation,
  HOTPLUG_NIC: ofOperation,
  HOTPLUG_NIC_POWEROFF: ofOperation,
  HOTPLUG_SNAPSHOT: ofOperation,
  HOTPLUG_RESIZE: ofOperation,
  HOTPLUG_PROLOG_POWEROFF: tm('prolog_attach'),
  HOTPLUG_EPILOG_POWEROFF: tm('epilog_detach'),
  HOTPLUG_SAVEAS: saveas,
  HOTPLUG_SAVEAS_POWEROFF: saveas,
  HOTPLUG_SAVEAS_SUSPENDED: saveas,
  HOTPLUG_SAVEAS_STOPPED: saveas,
  HOTPLUG_SAVEAS_UNDEPLOYED: saveas,
  DISK_SNAPSHOT: vmm('DISKSNAPSHOTCREATE'),
  DISK_SNAPSHOT_DELETE: tm('disk_snapshot'),
  DISK_SNAPSHOT_POWEROFF: tm('disk_snapshot'),
  DISK_SNAPSHOT_REVERT_POWEROFF: tm('disk_snapshot'),
  DISK_SNAPSHOT_DELETE_POWEROFF: tm('disk_snapshot'),
  DISK_SNAPSHOT_SUSPENDED: tm('disk_snapshot'),
  DISK_SNAPSHOT_DELETE_SUSPENDED: tm('disk_snapshot'),
  DISK_RESIZE: vmm('RESIZEDISK'),
  DISK_RESIZE_POWEROFF: tm('disk_resize'),
  DISK_RESIZE_UNDEPLOYED: tm('disk_resize'),
  CLEANUP_DELETE: cleanup,
  CLEANUP_RESUBMIT: cleanup,
};

/** The request that the VM waits for; none when it is at rest. */
export function requestOf(vm: Vm): DriverRequest | undefined {
  const request = REQUESTS[vm.phase];
  return typeof request === 'function' ? request(vm) : request;
}

/** Whether a VM in this phase may wait for a driver. */
export function hasRequest(phase: Phase): boolean {
  return REQUESTS[phase] !== undefined;
}

/**
 * The hypervisor is asked to clean up where a guest may exist, else only files are removed
 * (src/lcm/LifeCycleActions.cc, clean_up_vm, 7.4).
 */
function cleanup({ operation }: Vm): DriverRequest {
  const from = operation?.kind === 'cleanup' ? operation.from : 'RUNNING';
  if (from === 'SAVE_MIGRATE') return vmm('CLEANUP', 'previous');
  if (from === 'MIGRATE') return vmm('CLEANUP', 'both');
  if (from.startsWith('PROLOG_MIGRATE')) return tm('delete_both');
  return OFF_HYPERVISOR.test(from) ? tm('delete') : vmm('CLEANUP');
}

/** A guest that is off may still be known to its hypervisor: POWEROFF and SUSPENDED are not among these. */
const OFF_HYPERVISOR =
  /^(PROLOG|EPILOG|STOPPED|UNDEPLOYED|HOTPLUG_(PROLOG|EPILOG)_POWEROFF|HOTPLUG_SAVEAS_.*|DISK_SNAPSHOT_.*|DISK_RESIZE_.*)/;
