import { isImageUrl } from '../../registry/image-reference.ts';
import { bringFile } from '../bring-file.ts';
import { checkBelongsToVm, parseLocation } from '../location.ts';
import { openPlace } from '../place.ts';
import { ensureImage, pin, writeMarker } from './container-disk.ts';
import type { Context } from './services.ts';

/**
 * CLONE and LN: the host fetches the image that SOURCE names, as it is at this moment, and gets a marker of it as the
 * VM's disk. A data disk, `fe:/path`, is copied as a file.
 * @throws IMAGE_GONE
 */
export async function bringDisk(source: string, destination: string, vmId: string, context: Context): Promise<void> {
  if (!isImageUrl(source)) return bringFile(source, destination, vmId, context);
  const at = parseLocation(destination);
  checkBelongsToVm(at, vmId);
  const { registry, signal } = context;
  const [place, image] = await Promise.all([
    openPlace(at.machine, context, signal),
    pin(registry.parse(source), context),
  ]);
  await Promise.all([
    place.host && ensureImage(place.host, image, context),
    writeMarker(place, at.path, image, signal),
  ]);
}
