/** VMs that are Docker containers. What is not done is refused, and the VM stays as it is. */
import { unsupported } from '../../contract/action.ts';
import type { VmmDriver } from '../../contract/families.ts';
import { cancel } from './cancel.ts';
import { deploy } from './deploy.ts';
import { poll } from './poll.ts';
import { reboot } from './reboot.ts';
import { reset } from './reset.ts';
import type { VmmServices } from './services.ts';
import { shutdown } from './shutdown.ts';

const NO_SAVED_STATE = 'The memory of a container is not saved; power the VM off instead, its disk is kept.';
const NO_HOT_PLUG = 'Power the VM off, change it, and resume it.';
const NO_SNAPSHOTS = 'The memory of a container is not saved, so that the VM as a whole has no snapshots.';

export const onedock = {
  deploy,
  shutdown,
  cancel,
  reboot,
  reset,
  poll,
  save: unsupported('save', NO_SAVED_STATE),
  restore: unsupported('restore', NO_SAVED_STATE),
  migrate: unsupported('migrate', 'A container is not moved while it runs; migrate it with power-off.'),
  attach_disk: unsupported('attach_disk', NO_HOT_PLUG),
  detach_disk: unsupported('detach_disk', NO_HOT_PLUG),
  attach_nic: unsupported('attach_nic', NO_HOT_PLUG),
  detach_nic: unsupported('detach_nic', NO_HOT_PLUG),
  prereconfigure: unsupported('prereconfigure', 'The context of a VM is applied when it starts.'),
  reconfigure: unsupported('reconfigure', 'The context of a VM is applied when it starts.'),
  snapshot_create: unsupported('snapshot_create', NO_SNAPSHOTS),
  snapshot_revert: unsupported('snapshot_revert', NO_SNAPSHOTS),
  snapshot_delete: unsupported('snapshot_delete', NO_SNAPSHOTS),
  resize: unsupported('resize', 'Power the VM off, resize it, and resume it.'),
  resize_disk: unsupported('resize_disk', 'Power the VM off, resize the disk, and resume it.'),
  exec: unsupported('exec', 'Use SSH or the console.'),
  exec_cancel: unsupported('exec_cancel', 'No command is run in a VM by this driver.'),
} satisfies VmmDriver<VmmServices>;
