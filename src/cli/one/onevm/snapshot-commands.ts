/** Verbs on the snapshots of whole VMs. */
import { type Command, command, optional, required } from '../command.ts';
import { textFormat } from '../formats.ts';
import { partFormat } from '../lookup.ts';
import { heading } from '../output/page.ts';
import { fetchDocument } from '../resource.ts';
import { printPage } from '../terminal.ts';
import { forEach, once } from '../verbs/each.ts';
import { SCHEDULE_OPTIONS, scheduleInstead } from './schedule.ts';
import { systemSnapshotLines } from './snapshot-tables.ts';
import { VMS, vm } from './vm.ts';

const { kind } = vm;

const SNAPSHOT_ID = partFormat(
  { name: 'snapshot_id', help: 'Snapshot name or id' },
  'vm',
  'TEMPLATE/SNAPSHOT',
  'SNAPSHOT_ID',
  (name) => `${name} not found or duplicated`,
);

const snapshotCreate = command({
  name: 'snapshot-create',
  help: 'Takes a snapshot of VMs.\nStates: RUNNING',
  args: [VMS, optional(textFormat('name'))],
  options: SCHEDULE_OPTIONS,
  run: (run, ids, name) =>
    scheduleInstead(run, ids, { action: 'snapshot-create', args: name }) ??
    forEach(run, ids, { kind, done: 'creating snapshot' }, (id) => run.client.vm.snapshotcreate(id, name ?? '')),
});

function snapshotCommand(name: 'snapshot-revert' | 'snapshot-delete', help: string, done: string) {
  const method = name === 'snapshot-revert' ? 'snapshotrevert' : 'snapshotdelete';
  return command({
    name,
    help,
    args: [required(vm.id), required(SNAPSHOT_ID)],
    options: SCHEDULE_OPTIONS,
    run: (run, id, snapshotId) =>
      scheduleInstead(run, [id], { action: name, args: String(snapshotId) }) ??
      once(run, id, { kind, done }, () => run.client.vm[method](id, snapshotId)),
  });
}

const snapshotList = command({
  name: 'snapshot-list',
  help: 'Lists the snapshots of a VM.',
  args: [required(vm.id)],
  run: async (run, id) => {
    const document = await fetchDocument(run, 'one.vm.info', id, false);
    const lines = systemSnapshotLines(document);
    if (lines.length === 0) run.print('No snapshots available');
    else printPage(run, [heading('SNAPSHOTS'), ...lines]);
  },
});

export const snapshotCommands: readonly Command[] = [
  snapshotCreate,
  snapshotCommand('snapshot-revert', 'Sets a VM back to a snapshot.\nStates: RUNNING', 'reverting snapshot'),
  snapshotCommand('snapshot-delete', 'Deletes a snapshot of a VM.\nStates: RUNNING', 'deleting snapshot'),
  snapshotList,
];
