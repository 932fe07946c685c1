/** Verbs on the snapshots of disks. */
import { type Command, command, required } from '../command.ts';
import { intFormat, textFormat } from '../formats.ts';
import { partFormat } from '../lookup.ts';
import { heading } from '../output/page.ts';
import { fetchDocument } from '../resource.ts';
import { printPage } from '../terminal.ts';
import { once } from '../verbs/each.ts';
import { SCHEDULE_OPTIONS, scheduleInstead } from './schedule.ts';
import { diskSnapshotLines } from './snapshot-tables.ts';
import { vm } from './vm.ts';

const { kind } = vm;

export const DISK_ID = intFormat('diskid', 'Disk id');

export const DISK_SNAPSHOT_ID = partFormat(
  { name: 'disk_snapshot_id', help: 'Disk_snapshot name or id' },
  'vm',
  'SNAPSHOTS/SNAPSHOT',
  'ID',
  (name) => `Snapshot ${name} not found or duplicated`,
);

const diskSnapshotCreate = command({
  name: 'disk-snapshot-create',
  help: 'Takes a snapshot of a disk of a VM.\nStates: RUNNING, POWEROFF, SUSPENDED',
  args: [required(vm.id), required(DISK_ID), required(textFormat('name'))],
  options: SCHEDULE_OPTIONS,
  run: (run, id, diskId, name) =>
    scheduleInstead(run, [id], { action: 'disk-snapshot-create', args: `${diskId},${name}` }) ??
    once(run, id, { kind, done: 'creating disk snapshot' }, () => run.client.vm.disksnapshotcreate(id, diskId, name)),
});

function diskSnapshotCommand(name: 'disk-snapshot-revert' | 'disk-snapshot-delete', help: string, done: string) {
  const method = name === 'disk-snapshot-revert' ? 'disksnapshotrevert' : 'disksnapshotdelete';
  return command({
    name,
    help,
    args: [required(vm.id), required(DISK_ID), required(DISK_SNAPSHOT_ID)],
    options: SCHEDULE_OPTIONS,
    run: (run, id, diskId, snapshotId) =>
      scheduleInstead(run, [id], { action: name, args: `${diskId},${snapshotId}` }) ??
      once(run, id, { kind, done }, () => run.client.vm[method](id, diskId, snapshotId)),
  });
}

const diskSnapshotRename = command({
  name: 'disk-snapshot-rename',
  help: 'Renames a snapshot of a disk.',
  args: [required(vm.id), required(DISK_ID), required(DISK_SNAPSHOT_ID), required(textFormat('new_snapshot_name'))],
  run: (run, id, diskId, snapshotId, name) =>
    once(run, id, { kind, done: 'disk snapshot rename' }, () =>
      run.client.vm.disksnapshotrename(id, diskId, snapshotId, name),
    ),
});

const diskSnapshotList = command({
  name: 'disk-snapshot-list',
  help: 'Lists the snapshots of a disk.',
  args: [required(vm.id), required(DISK_ID)],
  run: async (run, id, diskId) => {
    const document = await fetchDocument(run, 'one.vm.info', id, false);
    if (!document.isFilled('SNAPSHOTS')) run.print('No snapshots available in this disk');
    else printPage(run, [heading('VM DISK SNAPSHOTS'), ...diskSnapshotLines(document, diskId)]);
  },
});

export const diskSnapshotCommands: readonly Command[] = [
  diskSnapshotCreate,
  diskSnapshotCommand(
    'disk-snapshot-revert',
    'Sets a disk back to a snapshot.\nStates: POWEROFF, SUSPENDED',
    'reverting disk snapshot',
  ),
  diskSnapshotCommand(
    'disk-snapshot-delete',
    'Deletes a snapshot of a disk.\nStates: RUNNING, POWEROFF, SUSPENDED',
    'deleting disk snapshot',
  ),
  diskSnapshotRename,
  diskSnapshotList,
];
