import { defineAction } from '../../contract/action.ts';
import { containerName } from '../../hosts/vm-on-host.ts';
import { isImageUrl } from '../../registry/image-reference.ts';
import { fail } from '../errors.ts';
import { snapshotPath } from '../file-snapshots.ts';
import { checkBelongsToVm, parseLocation } from '../location.ts';
import { openPlace } from '../place.ts';
import { saveFileAs } from '../save-file-as.ts';
import { readMarker } from './container-disk.ts';
import { saveRoot } from './root-snapshots.ts';
import type { Context } from './services.ts';

/**
 * CPDS: saves a copy of a disk as another image. A container is committed and pushed under the image's name, and stands
 * still while it is committed; of a snapshot no layer moves.
 * @param snapshotId  `-1` for the disk as it is
 * @throws SNAPSHOT_MISSING, DISK_MISSING
 */
export const cpds = defineAction({
  args: ['disk', 'source', 'snapshotId', 'vmId', 'datastoreId'],
  async run({ disk, source, snapshotId, vmId }, context: Context) {
    if (!isImageUrl(source)) return saveFileAs(disk, source, snapshotId, vmId, context);
    const { registry, signal } = context;
    const at = parseLocation(disk);
    checkBelongsToVm(at, vmId);
    const place = await openPlace(at.machine, context, signal);
    const image = registry.parse(source);
    await using _lock = await place.host?.lock(containerName(vmId), { signal });
    if (snapshotId === '-1') return void (await saveRoot(place, at.path, vmId, image, context));
    const path = snapshotPath(at, snapshotId);
    const snapshot = await readMarker(place, path, signal);
    if (!snapshot) throw fail('SNAPSHOT_MISSING', { place: place.name, path });
    await registry.clone(snapshot, image, signal);
  },
});
