/**
 * The transfer driver of files: disks lie on the host of the VM, and go to and from the front-end over its SSH
 * connection. It serves system datastores with TM_MAD=local, and images of the fs datastore.
 */
import type { TmDriver } from '../../contract/families.ts';
import type { TransferServices } from '../place.ts';
import { UNSUPPORTED } from '../unsupported.ts';
import { clone } from './clone.ts';
import { context } from './context.ts';
import { cpds } from './cpds.ts';
import { del } from './delete.ts';
import { failmigrate } from './failmigrate.ts';
import { ln } from './ln.ts';
import { mkimage } from './mkimage.ts';
import { mkswap } from './mkswap.ts';
import { mv } from './mv.ts';
import { mvds } from './mvds.ts';
import { postmigrate } from './postmigrate.ts';
import { premigrate } from './premigrate.ts';
import { resize } from './resize.ts';
import { snap_create } from './snap_create.ts';
import { snap_create_live } from './snap_create_live.ts';
import { snap_delete } from './snap_delete.ts';
import { snap_revert } from './snap_revert.ts';

export const local = {
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
} satisfies TmDriver<TransferServices>;
