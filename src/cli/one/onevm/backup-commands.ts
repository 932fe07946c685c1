/** Verbs on the backups of VMs. */
import { UPDATE } from '../../../opennebula/client/constants.ts';
import { type Command, command, type Format, required } from '../command.ts';
import { DATASTORE } from '../datastore-option.ts';
import { IMAGE_ID } from '../formats.ts';
import { flag, integer } from '../option.ts';
import { Refusal } from '../refusal.ts';
import { once, refusedAs } from '../verbs/each.ts';
import { SCHEDULE_OPTIONS, scheduleInstead } from './schedule.ts';
import { vm } from './vm.ts';

const { kind } = vm;

const BACKUP_MODES = ['FULL', 'INCREMENT'];

const BACKUP_MODE: Format<string> = {
  name: 'mode',
  help: `Backup mode: ${BACKUP_MODES.join(', ')}`,
  read: (typed) => {
    if (!BACKUP_MODES.includes(typed.toUpperCase())) {
      throw new Refusal(`Invalid backup mode: ${typed}\nValid backup modes are: ${BACKUP_MODES.join(',')}`);
    }
    return typed;
  },
};

const backupMode = command({
  name: 'backupmode',
  help: 'Sets whether backups of a VM are full or incremental.',
  args: [required(vm.id), required(BACKUP_MODE)],
  run: (run, id, mode) =>
    once(run, id, { kind, done: 'Updating backup mode' }, () =>
      run.client.vm.updateconf(id, `BACKUP_CONFIG = [ MODE="${mode}" ]`, UPDATE.APPEND),
    ),
});

const RESET = flag({ name: 'reset', long: '--reset', help: 'Start a new chain of increments with a full backup' });

const backup = command({
  name: 'backup',
  help: 'Makes a backup of a VM in a backup datastore.\nStates: RUNNING, POWEROFF',
  args: [required(vm.id)],
  options: [RESET, DATASTORE, ...SCHEDULE_OPTIONS],
  run: (run, id) => {
    const datastoreId = run.get(DATASTORE) ?? -1;
    return (
      scheduleInstead(run, [id], { action: 'backup', args: `${datastoreId},${run.has(RESET) ? 1 : 0}` }) ??
      once(run, id, { kind, done: 'Backup' }, () =>
        refusedAs('Error creating VM backup', run.client.vm.backup(id, datastoreId, run.has(RESET))),
      )
    );
  },
});

const backupCancel = command({
  name: 'backup-cancel',
  help: 'Stops the backup of a VM that is under way.',
  args: [required(vm.id)],
  run: (run, id) =>
    once(run, id, { kind, done: 'Canceling backup' }, () =>
      refusedAs('Error canceling VM backup', run.client.vm.backupcancel(id)),
    ),
});

const DISK_ID = integer({ name: 'disk_id', long: '--disk-id', argument: 'disk_id', help: 'Only this disk' });

const INCREMENT = integer({
  name: 'increment',
  long: '--increment',
  argument: 'increment_id',
  help: 'Increment to restore, the last one when not given',
});

const restore = command({
  name: 'restore',
  help: 'Restores the disks of a VM from a backup.\nStates: POWEROFF',
  args: [required(vm.id), required(IMAGE_ID)],
  options: [DISK_ID, INCREMENT],
  run: (run, id, imageId) =>
    once(run, id, { kind, done: 'Restoring VM from backup' }, () =>
      refusedAs(
        'Error restoring',
        run.client.vm.restore(id, imageId, run.get(INCREMENT) ?? -1, run.get(DISK_ID) ?? -1),
      ),
    ),
});

export const backupCommands: readonly Command[] = [backup, backupCancel, backupMode, restore];
