/** Volatile disks: blank files on the host, made for one VM. Shared by the transfer drivers. */
import { findAll, findText, parseXml, type XmlElement } from '../../opennebula/xml.ts';
import { runProcess } from '../../transport/run-process.ts';
import type { ActionContext } from '../contract/action.ts';
import { fail } from './errors.ts';
import { makeBlank } from './files.ts';
import { checkBelongsToVm, diskIdOf, parseLocation } from './location.ts';
import { openPlace, type TransferServices } from './place.ts';

type Context = ActionContext & TransferServices;

/**
 * MKIMAGE. A file system is made when the DISK names one; a disk that stays blank gets ext4 when it is attached.
 * @throws VOLATILE_FORMAT_UNSUPPORTED
 */
export async function makeVolatileDisk(
  disk: { readonly sizeMb: number; readonly format: string; readonly destination: string; readonly vmId: string },
  context: Context,
): Promise<void> {
  const { signal } = context;
  const { sizeMb, format, vmId } = disk;
  if (format !== 'raw') throw fail('VOLATILE_FORMAT_UNSUPPORTED', { format });
  const at = parseLocation(disk.destination);
  checkBelongsToVm(at, vmId);
  const [place, fileSystem] = await Promise.all([
    openPlace(at.machine, context, signal),
    wantedFileSystem(vmId, diskIdOf(at), context),
  ]);
  await makeBlank(place, at.path, sizeMb, 'blank', signal);
  if (fileSystem !== '' && fileSystem !== 'raw')
    await place.host?.helper('disk-format', [at.path, fileSystem], { signal });
}

/** MKSWAP */
export async function makeSwapDisk(
  disk: { readonly sizeMb: number; readonly destination: string; readonly vmId: string },
  context: Context,
): Promise<void> {
  const at = parseLocation(disk.destination);
  checkBelongsToVm(at, disk.vmId);
  const place = await openPlace(at.machine, context, context.signal);
  await makeBlank(place, at.path, disk.sizeMb, 'swap', context.signal);
}

/**
 * DISK/FS in the VM's document. ONEDock's front-end sends it with transfer commands; OpenNebula sends nothing, and its
 * own scripts ask the front-end as this does (src/tm_mad/common/mkimage, 7.4).
 */
async function wantedFileSystem(vmId: string, diskId: number | undefined, context: Context): Promise<string> {
  const vm = context.stdin === '' ? await showVm(vmId, context.signal) : context.document();
  const disk = findAll(vm, 'TEMPLATE/DISK').find((each) => Number(findText(each, 'DISK_ID')) === diskId);
  return (disk && findText(disk, 'FS'))?.trim().toLowerCase() ?? '';
}

async function showVm(vmId: string, signal: AbortSignal): Promise<XmlElement> {
  const { stdout } = await runProcess({ name: 'the front-end', command: ['onevm', 'show', '-x', vmId] }, { signal });
  return parseXml(stdout);
}
