/** Verbs on the configuration of VMs, on programs inside them, backups and the ways to reach them. */
import { UPDATE } from '../../../opennebula/client/constants.ts';
import { type Command, command, type Format, optional, required } from '../command.ts';
import { DATASTORE } from '../datastore-option.ts';
import { FILE, IMAGE_ID, intFormat, textFormat } from '../formats.ts';
import { flag, integer, text } from '../option.ts';
import { TEMPLATE_FILE } from '../options/template-file.ts';
import { templateDump } from '../output/template-dump.ts';
import { Refusal } from '../refusal.ts';
import { fetchDocument } from '../resource.ts';
import { APPEND, updatedText } from '../text-source.ts';
import { forEach, once } from '../verbs/each.ts';
import { plainVerb } from '../verbs/owned.ts';
import { CPU, MEMORY, VCPU } from '../vm-flags.ts';
import { ENFORCE } from './life-commands.ts';
import { SCHEDULE_OPTIONS, scheduleInstead } from './schedule.ts';
import { VMS, vm } from './vm.ts';
import { lastRecord } from './vm-table.ts';

const { kind } = vm;

const resize = command({
  name: 'resize',
  help: 'Changes CPU, VCPU and memory of a VM, by flags or by a template in a file or piped in.',
  args: [required(vm.id)],
  options: [CPU, VCPU, MEMORY, ENFORCE, TEMPLATE_FILE],
  run: async (run, id) => {
    const fromFlags = [CPU, VCPU, MEMORY].flatMap((option) =>
      run.has(option) ? [`${option.name.toUpperCase()} = ${run.get(option)}\n`] : [],
    );
    const capacity = run.get(TEMPLATE_FILE) ?? ((await run.io.readStdin('if-any')) || fromFlags.join(''));
    return once(run, id, { kind, done: 'Resizing VM' }, () => run.client.vm.resize(id, capacity, run.has(ENFORCE)));
  },
});

const CONFIGURATION = ['OS', 'FEATURES', 'INPUT', 'GRAPHICS', 'VIDEO', 'RAW', 'CONTEXT', 'CPU_MODEL'];

const updateConfiguration = command({
  name: 'updateconf',
  help: [
    'Changes the configuration of a VM: OS, FEATURES, INPUT, GRAPHICS, VIDEO, RAW, CPU_MODEL, CONTEXT and BACKUP_CONFIG.',
    'Without a file the editor is started with what is there. A running VM takes over CONTEXT and BACKUP_CONFIG at once.',
  ].join('\n'),
  args: [required(vm.id), optional(FILE)],
  options: [APPEND],
  run: (run, id, file) =>
    once(run, id, { kind, done: 'Updating VM configuration' }, async () => {
      const configuration = await updatedText(run, file, async () => {
        const document = await fetchDocument(run, 'one.vm.info', id, false);
        return [
          templateDump(document.first('TEMPLATE'), { only: CONFIGURATION }),
          templateDump(document.first('BACKUPS'), { only: ['BACKUP_CONFIG'] }),
        ].join('\n');
      });
      await run.client.vm.updateconf(id, configuration, run.has(APPEND) ? UPDATE.APPEND : UPDATE.REPLACE);
    }),
});

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
      once(run, id, { kind, done: 'Backup' }, () => run.client.vm.backup(id, datastoreId, run.has(RESET)))
    );
  },
});

const backupCancel = command({
  name: 'backup-cancel',
  help: 'Stops the backup of a VM that is under way.',
  args: [required(vm.id)],
  run: (run, id) => once(run, id, { kind, done: 'Canceling backup' }, () => run.client.vm.backupcancel(id)),
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
      run.client.vm.restore(id, imageId, run.get(INCREMENT) ?? -1, run.get(DISK_ID) ?? -1),
    ),
});

const STDIN = text({ name: 'stdin', long: '--stdin', argument: 'stdin', help: 'Text for its standard input' });

const exec = command({
  name: 'exec',
  help: 'Runs a command inside VMs.\nStates: RUNNING',
  args: [VMS, required(textFormat('cmd'))],
  options: [STDIN],
  run: (run, ids, program) => {
    const input = Buffer.from(run.get(STDIN) ?? '').toString('base64');
    return forEach(run, ids, { kind, done: 'Executing a command' }, (id) => run.client.vm.exec(id, program, input));
  },
});

const NIC_ID = text({ name: 'nic_id', long: '--nic-id', argument: 'nic_id', help: 'NIC by which to reach the VM' });
const CMD = text({ name: 'cmd', long: '--cmd', argument: 'cmd', help: 'Command to run, in place of a shell' });
const SSH_OPTIONS = text({ name: 'ssh_opts', long: '--ssh-options', argument: 'options', help: 'Options of ssh' });

const LCM_RUNNING = 3;
const SSH_PORT = 22;

const ssh = command({
  name: 'ssh',
  help: 'Opens a shell in a VM by SSH, as the user of its context, the one given, or root.',
  args: [required(vm.id), optional(textFormat('login'))],
  options: [NIC_ID, CMD, SSH_OPTIONS],
  run: async (run, id, login = 'root') => {
    const document = await fetchDocument(run, 'one.vm.info', id, false);
    if (document.int('LCM_STATE') !== LCM_RUNNING) throw new Refusal('VM is not RUNNING, cannot SSH to it');
    const nics = document.all('TEMPLATE/NIC');
    const wanted = run.get(NIC_ID);
    const chosen = nics.find((nic) => (wanted === undefined ? nic.get('SSH') === 'YES' : nic.get('NIC_ID') === wanted));
    const nic = chosen ?? nics[0];
    if (!nic) throw new Refusal('No NIC found');
    const forwarded = nic.get('EXTERNAL_PORT_RANGE')?.split(':')[0];
    const address = forwarded === undefined ? nic.get('IP') : lastRecord(document)?.get('HOSTNAME');
    const port = forwarded === undefined ? SSH_PORT : Number(forwarded) + SSH_PORT - 1;
    const user = document.get('TEMPLATE/CONTEXT/USERNAME') ?? login;
    const options = run.get(SSH_OPTIONS)?.split(/\s+/) ?? [];
    const program = run.has(CMD) ? [run.get(CMD) ?? ''] : [];
    return run.io.runProgram(['ssh', ...options, `${user}@${address}`, '-p', String(port), ...program]);
  },
});

const portForward = command({
  name: 'port-forward',
  help: 'Shows which port of the host leads to a port of a VM, or all of them.',
  args: [required(vm.id), optional(intFormat('port', 'Port of the VM'))],
  options: [NIC_ID],
  run: async (run, id, port) => {
    const document = await fetchDocument(run, 'one.vm.info', id, false);
    const nics = document.all('TEMPLATE/NIC');
    const wanted = run.get(NIC_ID);
    const nic =
      nics.find((n) => (wanted === undefined ? n.get('SSH') === 'YES' : n.get('NIC_ID') === wanted)) ?? nics[0];
    if (!nic) throw new Refusal('No NIC found');
    const outside = nic.get('EXTERNAL_PORT_RANGE');
    if (outside === undefined) throw new Refusal('No PORT_RANGE found');
    const [firstOutside = 0, lastOutside = 0] = outside.split(':').map(Number);
    const firstInside = Number.parseInt(nic.get('INTERNAL_PORT_RANGE') ?? '', 10) || 1;
    const host = lastRecord(document)?.get('HOSTNAME');
    const inside =
      port === undefined ? Array.from({ length: lastOutside - firstOutside + 1 }, (_, i) => firstInside + i) : [port];
    for (const p of inside) run.print(`${host}@${firstOutside + p - firstInside} -> ${p}`);
  },
});

const VNC_CLIENT = text({ name: 'vnc', long: '--vnc', argument: 'vnc', help: 'VNC viewer to start' });

const vnc = command({
  name: 'vnc',
  help: 'Starts a VNC viewer on the console of a VM.',
  args: [required(vm.id)],
  options: [VNC_CLIENT],
  run: async (run, id) => {
    const document = await fetchDocument(run, 'one.vm.info', id, false);
    const address = `${lastRecord(document)?.get('HOSTNAME')}::${document.get('TEMPLATE/GRAPHICS/PORT')}`;
    return run.io.runProgram([run.get(VNC_CLIENT) ?? 'vncviewer', address]);
  },
});

export const otherCommands: readonly Command[] = [
  resize,
  updateConfiguration,
  backup,
  backupCancel,
  backupMode,
  restore,
  exec,
  plainVerb(
    vm,
    { name: 'exec-retry', help: 'Runs the last command inside VMs again.', done: 'Retrying last command' },
    ({ client }, id) => client.vm.retryexec(id),
  ),
  plainVerb(
    vm,
    { name: 'exec-cancel', help: 'Stops the command that runs inside VMs.', done: 'Canceling last command' },
    ({ client }, id) => client.vm.cancelexec(id),
  ),
  command({
    name: 'vmgroup-add',
    help: 'Puts a VM into a VM group, in a role.',
    args: [required(vm.id), required(intFormat('vmgroupid', 'OpenNebula VMGROUP id')), required(textFormat('role'))],
    run: (run, id, groupId, role) =>
      once(run, id, { kind, done: 'VM added to group' }, () => run.client.vm.vmgroupadd(id, groupId, role)),
  }),
  command({
    name: 'vmgroup-del',
    help: 'Takes a VM out of its VM group.',
    args: [required(vm.id)],
    run: (run, id) => once(run, id, { kind, done: 'VM removed from group' }, () => run.client.vm.vmgroupdel(id)),
  }),
  ssh,
  portForward,
  vnc,
];
