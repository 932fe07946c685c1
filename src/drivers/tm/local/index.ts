/**
 * The transfer driver of files: disks lie on the host of the VM, and go to and from the front-end over its SSH
 * connection. It serves system datastores with TM_MAD=local, and images of the fs datastore.
 */
import type { TmDriver } from '../../contract/families.ts';
import type { TransferServices } from '../place.ts';
import { UNSUPPORTED } from '../unsupported.ts';
import { clone } from './clone.ts';
import { context } from './context.ts';
import { del } from './delete.ts';
import { ln } from './ln.ts';
import { mkimage } from './mkimage.ts';
import { mkswap } from './mkswap.ts';
import { mv } from './mv.ts';
import { mvds } from './mvds.ts';
import { resize } from './resize.ts';

export const local = {
  clone,
  ln,
  mkimage,
  mkswap,
  context,
  mv,
  mvds,
  delete: del,
  resize,
  ...UNSUPPORTED,
} satisfies TmDriver<TransferServices>;
