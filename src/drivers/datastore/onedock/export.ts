import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defineAction } from '../../contract/action.ts';
import { isImageUrl } from '../../registry/image-reference.ts';
import { describeExport } from '../export-file.ts';
import { writeWhole } from '../image-file.ts';
import { readDatastore, readImage } from '../request.ts';
import type { Context } from './services.ts';

/**
 * EXPORT: makes an archive of a container image, as `docker save` writes it, for a marketplace, which removes it again;
 * PATH of an image in a datastore of containers may be the marketplace's address of it. A data disk is a file already.
 * @param appId  of the marketplace's appliance
 */
export const exportImage = defineAction({
  args: ['appId'],
  async run({ appId }, { document, registry, signal }: Context) {
    const image = readImage(document());
    if (!isImageUrl(image.source)) return describeExport(image.source, image, { dispose: false, signal });
    const archive = join(readDatastore(document()).basePath, `export-${appId}.tar`);
    await mkdir(dirname(archive), { recursive: true });
    await writeWhole(archive, (temporary) => registry.save(registry.parse(image.source), temporary, signal));
    return describeExport(archive, image, { dispose: true, signal });
  },
});
