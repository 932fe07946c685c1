/**
 * The onedock datastore: container images in a private registry, each in a repository of its own, and data disks as raw
 * files in the datastore's directory on the front-end.
 */
import type { DatastoreDriver } from '../../contract/families.ts';
import { UNSUPPORTED } from '../unsupported.ts';
import { clone } from './clone.ts';
import { cp } from './cp.ts';
import { exportImage } from './export.ts';
import { mkfs } from './mkfs.ts';
import { monitor } from './monitor.ts';
import { rm } from './rm.ts';
import type { RegistryServices } from './services.ts';
import { stat } from './stat.ts';

export const onedock = {
  stat,
  cp,
  mkfs,
  clone,
  rm,
  monitor,
  export: exportImage,
  ...UNSUPPORTED,
} satisfies DatastoreDriver<RegistryServices>;
