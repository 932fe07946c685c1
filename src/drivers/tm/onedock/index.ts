/**
 * The transfer driver of container images: hosts fetch them from the registry, and what VMs write goes back there.
 * Volatile disks, context and directories are files, as with the driver `local`.
 */
import type { TmDriver } from '../../contract/families.ts';
import { context } from '../local/context.ts';
import { mkimage } from '../local/mkimage.ts';
import { mkswap } from '../local/mkswap.ts';
import { UNSUPPORTED } from '../unsupported.ts';
import { clone } from './clone.ts';
import { del } from './delete.ts';
import { ln } from './ln.ts';
import { mv } from './mv.ts';
import { mvds } from './mvds.ts';
import { resize } from './resize.ts';
import type { ImageTransferServices } from './services.ts';

export const onedock = {
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
} satisfies TmDriver<ImageTransferServices>;
