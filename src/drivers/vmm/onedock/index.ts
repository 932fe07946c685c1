/** VMs that are Docker containers. What is not done is refused, and the VM stays as it is. */
import type { VmmDriver } from '../../contract/families.ts';
import { attach_disk } from './attach_disk.ts';
import { attach_nic } from './attach_nic.ts';
import { cancel } from './cancel.ts';
import { deploy } from './deploy.ts';
import { detach_disk } from './detach_disk.ts';
import { detach_nic } from './detach_nic.ts';
import { exec } from './exec.ts';
import { exec_cancel } from './exec_cancel.ts';
import { withImported } from './imported.ts';
import { migrate } from './migrate.ts';
import { poll } from './poll.ts';
import { prereconfigure } from './prereconfigure.ts';
import { reboot } from './reboot.ts';
import { reconfigure } from './reconfigure.ts';
import { reset } from './reset.ts';
import { resize } from './resize.ts';
import { resize_disk } from './resize_disk.ts';
import { restore } from './restore.ts';
import { save } from './save.ts';
import type { VmmServices } from './services.ts';
import { shutdown } from './shutdown.ts';
import { snapshot_create } from './snapshot_create.ts';
import { snapshot_delete } from './snapshot_delete.ts';
import { snapshot_revert } from './snapshot_revert.ts';

const ofImages = {
  deploy,
  shutdown,
  cancel,
  reboot,
  reset,
  poll,
  save,
  restore,
  migrate,
  attach_disk,
  detach_disk,
  attach_nic,
  detach_nic,
  prereconfigure,
  reconfigure,
  snapshot_create,
  snapshot_revert,
  snapshot_delete,
  resize,
  resize_disk,
  exec,
  exec_cancel,
} satisfies VmmDriver<VmmServices>;

export const onedock = withImported(ofImages);
