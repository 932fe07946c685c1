/**
 * Requests to virtualization drivers: for each the steps that OpenNebula's one_vmm_exec takes, and what undoes them
 * (src/vmm_mad/exec/one_vmm_exec.rb, 7.4). Context and network of the host are prepared side by side, since neither
 * needs the other.
 */
import { ActionFailure } from '../../drivers/contract/action.ts';
import { together } from '../../errors/together.ts';
import type { Vector } from '../../opennebula/template.ts';
import type { DriverRequest, VmmRequest } from '../lifecycle/requests.ts';
import { vmForDriversXml } from '../objects/vm-document.ts';
import { execOf } from '../vm/exec.ts';
import { isAlias } from '../vm/nic.ts';
import { findSystemSnapshot } from '../vm/snapshots.ts';
import { deploymentPath, systemDirectory } from './places.ts';
import { orUndo, type PlayContext, playLine, playTransfer, tolerantly } from './play.ts';
import {
  diskEpilog,
  diskLine,
  diskProlog,
  migrationLine,
  printTransfer,
  type TransferLine,
} from './transfer-script.ts';
import { VmmPlay } from './vmm-play.ts';

/** @returns what the driver printed: the deploy id, or the name of a snapshot */
export async function playVmmRequest(
  context: PlayContext,
  { request, at }: Extract<DriverRequest, { family: 'vmm' }>,
): Promise<string> {
  const play = new VmmPlay(context, at === 'previous' ? -2 : -1);
  const output = await REQUESTS[request](play);
  if (at === 'both') await new VmmPlay(context, -2).cleanUp();
  return output ?? '';
}

const REQUESTS: Readonly<Record<VmmRequest, (play: VmmPlay) => Promise<string | void>>> = {
  DEPLOY: deploy,
  RESTORE: restore,
  async SAVE(play) {
    await play.script('save', [play.deployId, play.checkpoint, play.host]);
    await play.network('clean', [play.host]);
  },
  async SHUTDOWN(play) {
    await play.script('shutdown', [play.deployId, play.host]);
    await play.network('clean', [play.host]);
  },
  async CANCEL(play) {
    await play.cancel();
    await play.network('clean', [play.host]);
  },
  REBOOT: (play) => play.script('reboot', [play.deployId, play.host]),
  RESET: (play) => play.script('reset', [play.deployId, play.host]),
  MIGRATE: migrate,
  ATTACHDISK: attachDisk,
  DETACHDISK: detachDisk,
  ATTACHNIC: attachNic,
  async DETACHNIC(play) {
    const nic = play.nic();
    if (!isAlias(nic)) await play.script('detach_nic', [play.deployId, nic.MAC ?? '']);
    await play.network('clean', [play.host]);
    await play.reconfigure();
  },
  async UPDATENIC(play) {
    const { operation } = play.context.vm;
    const networkId = operation?.kind === 'nic-update' ? operation.networkId : -1;
    await play.network('update_nic', [play.deployId, `${networkId}`]);
  },
  UPDATECONF: (play) => play.reconfigure(),
  UPDATESG: (play) => play.network('update_sg', [play.deployId]),
  SNAPSHOTCREATE: (play) => play.script('snapshot_create', [play.deployId, `${snapshotId(play)}`]),
  async SNAPSHOTREVERT(play) {
    await play.script('snapshot_revert', [play.deployId, hypervisorId(play)]);
    await play.network('post', [play.deployId, play.host]);
  },
  SNAPSHOTDELETE: (play) => play.script('snapshot_delete', [play.deployId, hypervisorId(play)]),
  DISKSNAPSHOTCREATE: snapshotLive,
  async RESIZEDISK(play) {
    const { DISK_ID = '', SIZE = '0' } = play.disk();
    await playLine(
      play.context,
      'VMM',
      diskLine(play.context.vm, Number(DISK_ID), 'RESIZE', Number(SIZE), play.context.places),
    );
    await play.script('resize_disk', [play.deployId, DISK_ID, SIZE, base64(play.document({})), play.host]);
  },
  RESIZE: (play) => play.script('resize', [play.deployId]),
  EXEC: (play) => {
    const { COMMAND = '', STDIN = '' } = execOf(play.context.vm);
    return play.scriptAlone('exec', [`${play.context.vm.id}`, play.host, COMMAND, STDIN]);
  },
  EXECCANCEL: (play) => play.script('exec_cancel', []),
  CLEANUP: (play) => play.cleanUp(),
};

async function deploy(play: VmmPlay): Promise<string> {
  const { vm, places, files, log } = play.context;
  const document = vmForDriversXml(vm);
  const path = deploymentPath(places, vm.id, play.record);
  log('VMM', 'info', `Generating deployment file: ${path}`);
  const clean = () => play.network('clean', [play.host], '');
  await orUndo(together(files.write(path, document), play.deliverContext(), play.network('pre', [], '')), clean);
  const remotePath = `${systemDirectory(places, play.record, vm.id)}/deployment.${play.record.seq}`;
  const output = await orUndo(play.scriptWith('deploy', [remotePath, play.host], document), clean);
  const deployId = output.trim().split(/\s+/)[0];
  if (!deployId) throw new ActionFailure('The driver deployed the VM but told no name of the guest.');
  await orUndo(play.network('post', [deployId, play.host], ''), async () => {
    await tolerantly(play.cancel(deployId));
    await clean();
  });
  return deployId;
}

async function restore(play: VmmPlay): Promise<void> {
  await together(play.deliverContext(), play.network('pre', []));
  await play.script('restore', [play.checkpoint, play.host, play.deployId]);
  await orUndo(play.network('post', [play.deployId, play.host]), () => play.cancel());
}

async function migrate(destination: VmmPlay): Promise<void> {
  const { context } = destination;
  const source = new VmmPlay(context, -2, { otherHost: destination.host });
  const document = base64(vmForDriversXml(context.vm));
  const transfer = (command: 'PREMIGRATE' | 'POSTMIGRATE' | 'FAILMIGRATE') =>
    playLine(context, 'VMM', migrationLine(context.vm, command, context.places), document);
  const failMigrate = () => transfer('FAILMIGRATE');
  await orUndo(transfer('PREMIGRATE'), failMigrate);
  await destination.network('pre', []);
  await orUndo(source.script('migrate', [source.deployId, destination.host, source.host]), failMigrate);
  await tolerantly(source.network('clean', [source.host]));
  await tolerantly(destination.network('post', [source.deployId, source.host]));
  await tolerantly(transfer('POSTMIGRATE'));
}

async function attachDisk(play: VmmPlay): Promise<void> {
  const { vm, places } = play.context;
  const disk = play.disk();
  const prolog = diskProlog(vm, Number(disk.DISK_ID), places);
  const epilog = diskEpilog(vm, Number(disk.DISK_ID), places);
  await playTransfer(play.context, [prolog]);
  const details = { transfer: print(prolog), rollback: print(epilog), diskPath: play.diskPath(disk) };
  const argv = [...diskArguments(play, disk), base64(play.document(details))];
  await orUndo(play.script('attach_disk', argv, details), () => playTransfer(play.context, [epilog]));
}

async function detachDisk(play: VmmPlay): Promise<void> {
  const { vm, places } = play.context;
  const disk = play.disk();
  const epilog = diskEpilog(vm, Number(disk.DISK_ID), places);
  const details = { transfer: print(epilog), diskPath: play.diskPath(disk) };
  await play.script('detach_disk', diskArguments(play, disk), details);
  await playTransfer(play.context, [epilog]);
}

async function attachNic(play: VmmPlay): Promise<void> {
  const nic = play.nic();
  const { MAC = '', BRIDGE = '', MODEL = '-', VN_MAD = '', TARGET = '' } = nic;
  const detach = async () => (isAlias(nic) ? '' : play.script('detach_nic', [play.deployId, MAC]));
  await play.network('pre', []);
  if (!isAlias(nic)) await play.script('attach_nic', [play.deployId, MAC, BRIDGE, MODEL || '-', VN_MAD, TARGET]);
  await orUndo(play.network('post', [play.deployId, play.host]), detach);
  await orUndo(play.reconfigure(), detach);
}

async function snapshotLive(play: VmmPlay): Promise<void> {
  const { vm, places, canSnapshotLive } = play.context;
  const { DISK_ID, TM_MAD = '' } = play.disk();
  if (!canSnapshotLive(play.record.vmMad, TM_MAD)) {
    throw new ActionFailure('Cannot perform a live DISKSNAPSHOTCREATE operation');
  }
  await playLine(play.context, 'VMM', diskLine(vm, Number(DISK_ID), 'SNAP_CREATE_LIVE', snapshotId(play), places));
}

/** What both disk scripts begin with. The index counts the target's letter from `a`. */
function diskArguments(play: VmmPlay, disk: Vector): string[] {
  const target = disk.TARGET ?? '';
  const index = (target.codePointAt(target.length - 1) ?? 97) - 97;
  return [play.deployId, play.diskPath(disk), target, `${index}`];
}

function snapshotId({ context: { vm } }: VmmPlay): number {
  return vm.operation && 'snapshotId' in vm.operation ? vm.operation.snapshotId : -1;
}

function hypervisorId(play: VmmPlay): string {
  return findSystemSnapshot(play.context.vm, snapshotId(play))?.HYPERVISOR_ID ?? '';
}

/** Transfer commands as a request document names them: no line feed at the end. */
function print(lines: readonly TransferLine[]): string {
  return printTransfer([lines]).trimEnd();
}

function base64(document: string): string {
  return Buffer.from(document).toString('base64');
}
