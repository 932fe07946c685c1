/**
 * Documents of a VM: whole, as `one.vm.info` prints it, and the shorter forms of pools
 * (src/vm/VirtualMachine.cc, History.cc, Snapshots.cc, 7.4).
 */
import { permissionsXml } from '../../opennebula/permissions.ts';
import { type Template, templateXml, type Vector, vectorXml } from '../../opennebula/template.ts';
import { LCM_STATE, VM_STATE } from '../../opennebula/vm-states.ts';
import { cdata, group, text } from '../../opennebula/xml.ts';
import { historyXml } from './history-document.ts';
import { statesOf } from './phase.ts';
import type { DiskSnapshot, DiskSnapshots, ScheduledAction, Vm } from './vm.ts';
import { shownTemplate } from './vm-shown-template.ts';
import type { LastSample, VmThen } from './vm-then.ts';
import { headXml, idList, lockXml } from './xml-parts.ts';

const NO_SAMPLE: LastSample = { time: 0, xml: '<MONITORING></MONITORING>' };

/** `one.vm.info`: everything, with all history records. */
export function vmXml(vm: Vm, sample?: LastSample): string {
  return document(vm, { sample, records: vm.history.length });
}

/** `one.vmpool.infoextended`: the last history record, of actions to come the ids, and no monitoring, which is kept apart. */
export function vmExtendedXml(vm: Vm): string {
  return document(vm, { records: 1, actions: [] });
}

/** What accounting says the VM was at the time: no history, and of actions to come the ids only. */
export function vmThenXml({ vm, previousPhase, sample }: VmThen): string {
  return document(vm, { sample, records: 0, actions: [], previousPhase });
}

/** What drivers are told: the present stay only. */
export function vmForDriversXml(vm: Vm): string {
  return document({ ...vm, schedActions: [] }, { records: 1 });
}

interface Shown {
  readonly sample?: LastSample | undefined;
  /** How many of the last history records. */
  readonly records: number;
  readonly actions?: readonly ScheduledAction[];
  readonly previousPhase?: VmThen['previousPhase'];
}

function document(vm: Vm, shown: Shown): string {
  const { sample = NO_SAMPLE, records, actions = vm.schedActions, previousPhase = vm.phase } = shown;
  const { state, lcmState } = statesOf(vm.phase);
  const before = statesOf(previousPhase);
  return group(
    'VM',
    headXml(vm),
    permissionsXml(vm.permissions),
    text('LAST_POLL', sample.time),
    text('STATE', VM_STATE[state]),
    text('LCM_STATE', LCM_STATE[lcmState]),
    text('PREV_STATE', VM_STATE[before.state]),
    text('PREV_LCM_STATE', LCM_STATE[before.lcmState]),
    text('RESCHED', vm.resched ? 1 : 0),
    text('STIME', vm.createdAt),
    text('ETIME', vm.endedAt),
    text('DEPLOY_ID', vm.deployId),
    lockXml(vm),
    sample.xml,
    idList(
      'SCHED_ACTIONS',
      vm.schedActions.map(({ id }) => id),
    ),
    group(
      'TEMPLATE',
      templateXml(withoutBackups(shownTemplate(vm))),
      // oned has removed the actions of a VM that is gone, but not their ids.
      ...(vm.phase === 'DONE' ? [] : actions.map((action) => schedActionXml(vm.id, action))),
    ),
    group('USER_TEMPLATE', templateXml(vm.userTemplate)),
    historyRecordsXml(vm, records),
    ...vm.diskSnapshots.map(snapshotsXml),
    group('BACKUPS', backupConfigXml(vm.template), '<BACKUP_IDS></BACKUP_IDS>'),
  );
}

/** Shown beside the template, though it is kept in it. */
function withoutBackups(template: Template): Template {
  return template.has('BACKUP_CONFIG') ? template.clone().delete('BACKUP_CONFIG') : template;
}

function backupConfigXml(template: Template): string {
  const config = template.vector('BACKUP_CONFIG');
  return config ? vectorXml('BACKUP_CONFIG', config) : '<BACKUP_CONFIG/>';
}

function historyRecordsXml({ id, history }: Vm, records: number): string {
  const shown = records === 0 ? [] : history.slice(-records);
  return shown.length === 0 ? '<HISTORY_RECORDS/>' : group('HISTORY_RECORDS', ...shown.map((r) => historyXml(id, r)));
}

function schedActionXml(vmId: number, action: ScheduledAction): string {
  return group(
    'SCHED_ACTION',
    text('ID', action.id),
    text('PARENT_ID', vmId),
    text('TYPE', 'VM'),
    text('ACTION', action.action),
    text('ARGS', action.args),
    text('TIME', action.time),
    text('REPEAT', action.repeat),
    text('DAYS', action.days),
    text('END_TYPE', action.endType),
    text('END_VALUE', action.endValue),
    text('DONE', action.done),
    text('MESSAGE', action.message),
    text('WARNING', action.warning),
  );
}

function snapshotsXml({ diskId, allowOrphans, currentBase, nextId, snapshots }: DiskSnapshots): string {
  return group(
    'SNAPSHOTS',
    cdata('ALLOW_ORPHANS', allowOrphans),
    cdata('CURRENT_BASE', currentBase),
    cdata('DISK_ID', diskId),
    cdata('NEXT_SNAPSHOT', nextId),
    ...snapshots.map((snapshot) => vectorXml('SNAPSHOT', snapshotVector(snapshot))),
  );
}

/** A disk snapshot as documents of VMs and images show it. */
export function snapshotVector({ id, name, parent, children, active, date, size }: DiskSnapshot): Vector {
  return {
    ...(active ? { ACTIVE: 'YES' } : {}),
    ...(children.length > 0 ? { CHILDREN: children.join(',') } : {}),
    DATE: String(date),
    ID: String(id),
    ...(name === undefined ? {} : { NAME: name }),
    PARENT: String(parent),
    SIZE: String(size),
  };
}

/** `one.vmpool.info`: what lists and the scheduler need. */
export function vmShortXml(vm: Vm): string {
  const { state, lcmState } = statesOf(vm.phase);
  return group(
    'VM',
    headXml(vm),
    text('LAST_POLL', 0),
    text('STATE', VM_STATE[state]),
    text('LCM_STATE', LCM_STATE[lcmState]),
    text('RESCHED', vm.resched ? 1 : 0),
    text('STIME', vm.createdAt),
    text('ETIME', vm.endedAt),
    text('DEPLOY_ID', vm.deployId),
    vm.lock ? group('LOCK', text('LOCKED', vm.lock.level)) : '',
    shortTemplateXml(vm.template),
    '<MONITORING/>',
    shortUserTemplateXml(vm.userTemplate),
    shortHistoryXml(vm),
  );
}

const SHORT_DISK = [
  'DISK_ID',
  'DATASTORE',
  'DATASTORE_ID',
  'IMAGE',
  'IMAGE_ID',
  'SIZE',
  'TYPE',
  'CLONE',
  'CLONE_TARGET',
  'LN_TARGET',
  'DISK_SNAPSHOT_TOTAL_SIZE',
];
const SHORT_NIC = ['MAC', 'NETWORK', 'NETWORK_ID', 'NIC_ID', 'SECURITY_GROUPS'];
/** Shown only when there is a value. */
const SHORT_NIC_ADDRESSES = [
  'IP',
  'EXTERNAL_IP',
  'IP6',
  'IP6_ULA',
  'IP6_LINK',
  'IP6_GLOBAL',
  'NETWORK_MODE',
  'SCHED_REQUIREMENTS',
  'SCHED_RANK',
];

function shortTemplateXml(template: Template): string {
  const disks = template
    .vectors('DISK')
    .map((disk) => group('DISK', ...SHORT_DISK.map((name) => cdata(name, disk[name] ?? ''))));
  // Aliases stand among the NICs, by their ids.
  const nics = ['NIC', 'NIC_ALIAS']
    .flatMap((name) => template.vectors(name))
    .sort((a, b) => Number(a.NIC_ID) - Number(b.NIC_ID))
    .map((nic) =>
      group(
        'NIC',
        ...SHORT_NIC_ADDRESSES.flatMap((name) => (nic[name] ? [cdata(name, nic[name])] : [])),
        ...SHORT_NIC.map((name) => cdata(name, nic[name] ?? '')),
      ),
    );
  const graphics = template.vector('GRAPHICS');
  return group(
    'TEMPLATE',
    ...['CPU', 'MEMORY', 'VCPU'].map((name) => text(name, template.get(name) ?? '')),
    ...disks,
    ...nics,
    graphics ? vectorXml('GRAPHICS', graphics) : '',
  );
}

const SHORT_USER = ['LABELS', 'ERROR', 'SCHED_MESSAGE'];
const SHORT_SCHEDULING = [
  'SCHED_RANK',
  'SCHED_DS_RANK',
  'SCHED_REQUIREMENTS',
  'SCHED_DS_REQUIREMENTS',
  'USER_PRIORITY',
];

function shortUserTemplateXml(template: Template): string {
  if (template.isEmpty) return '<USER_TEMPLATE/>';
  const leaf = (name: string) => cdata(name, template.get(name) ?? '');
  return group(
    'USER_TEMPLATE',
    ...SHORT_USER.filter((name) => template.get(name)).map(leaf),
    ...SHORT_SCHEDULING.filter((name) => template.get(name) !== undefined).map(leaf),
  );
}

function shortHistoryXml({ id, history }: Vm): string {
  const record = history.at(-1);
  if (!record) return '<HISTORY_RECORDS/>';
  return group('HISTORY_RECORDS', historyXml(id, record, 'short'));
}
