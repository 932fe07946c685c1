import type { ActionContext } from '../contract/action.ts';
import { fail } from './errors.ts';
import { checkBelongsToVm, parseLocation } from './location.ts';
import { openPlace, type TransferServices } from './place.ts';

const MISSING = 4;
const GROW_SECONDS = 600;

/** Arguments: path, size. A file that a loop device stands on is mounted in a VM, whose driver sees to the file system. */
const GROW = `
PATH=/usr/sbin:/sbin:$PATH
[ -f "$1" ] || exit ${MISSING}
[ "$(stat -c %s -- "$1")" -ge $(($2 * 1048576)) ] || truncate -s "$2M" -- "$1"
! grep -sqxF -- "$1" /sys/block/loop*/loop/backing_file || exit 0
case $(blkid -p -o value -s TYPE -- "$1") in
  ext*) e2fsck -fp -- "$1" >/dev/null || [ $? = 1 ]; resize2fs -- "$1" >/dev/null ;;
esac
`;

/**
 * RESIZE: makes the disk of a VM larger, and an ext file system in it if the VM is off; that of a running one is grown by
 * RESIZE_DISK. A disk that is large enough is left as it is.
 * @throws DISK_MISSING
 */
export async function growDisk(
  disk: string,
  sizeMb: string,
  vmId: string,
  context: ActionContext & TransferServices,
): Promise<void> {
  const at = parseLocation(disk);
  checkBelongsToVm(at, vmId);
  const { signal } = context;
  const place = await openPlace(at.machine, context, signal);
  const { exitCode } = await place.run(['sh', '-euc', GROW, 'sh', at.path, sizeMb], {
    acceptExitCodes: [0, MISSING],
    timeoutSeconds: GROW_SECONDS,
    signal,
  });
  const where = { place: place.name, path: at.path };
  if (exitCode === MISSING) throw fail('DISK_MISSING', where);
}
