/**
 * The fs datastore: images are raw files on the front-end, as in OpenNebula's own driver of that name. Formats with
 * snapshots inside (qcow2) are refused, since the kernel mounts the disks of containers.
 */
import type { DatastoreDriver } from '../../contract/families.ts';
import { UNSUPPORTED } from '../unsupported.ts';
import { clone } from './clone.ts';
import { cp } from './cp.ts';
import { exportImage } from './export.ts';
import { mkfs } from './mkfs.ts';
import { monitor } from './monitor.ts';
import { rm } from './rm.ts';
import { stat } from './stat.ts';

export const fs = { stat, cp, mkfs, clone, rm, monitor, export: exportImage, ...UNSUPPORTED } satisfies DatastoreDriver;
