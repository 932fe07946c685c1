/**
 * The transfer driver of container images: hosts fetch them from the registry, and what VMs write goes back there.
 * Volatile disks, context and directories are files, as with the driver `local`.
 */
import type { TmDriver } from '../../contract/families.ts';
import { context } from '../local/context.ts';
import { failmigrate } from '../local/failmigrate.ts';
import { mkimage } from '../local/mkimage.ts';
import { mkswap } from '../local/mkswap.ts';
import { postmigrate } from '../local/postmigrate.ts';
import { premigrate } from '../local/premigrate.ts';
import { UNSUPPORTED } from '../unsupported.ts';
import { clone } from './clone.ts';
import { cpds } from './cpds.ts';
import { del } from './delete.ts';
import { ln } from './ln.ts';
import { mv } from './mv.ts';
import { mvds } from './mvds.ts';
import { resize } from './resize.ts';
import type { ImageTransferServices } from './services.ts';
import { snap_create } from './snap_create.ts';
import { snap_create_live } from './snap_create_live.ts';
import { snap_delete } from './snap_delete.ts';
import { snap_revert } from './snap_revert.ts';

export const onedock = {
  clone,
  ln,
  mkimage,
  mkswap,
  context,
  mv,
  mvds,
  cpds,
  delete: del,
  resize,
  snap_create,
  snap_create_live,
  snap_revert,
  snap_delete,
  premigrate,
  postmigrate,
  failmigrate,
  ...UNSUPPORTED,
} satisfies TmDriver<ImageTransferServices>;
