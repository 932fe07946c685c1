/**
 * What images count for with their owners: as many MB as they have, and each of their snapshots as many as the image had then
 * (src/rm/api/SharedAPI.cc, src/image/ImageManagerProtocol.cc, 7.4).
 */
import type { Image } from '../objects/image.ts';
import type { QuotaUse } from '../objects/quotas.ts';
import type { Cloud } from '../store/cloud.ts';
import { addQuotas, checkQuotas, releaseQuotas } from './quota-use.ts';

export function imageUse(image: Image): QuotaUse {
  return use(image, { SIZE: totalMb(image), IMAGES: 1 });
}

/** Keeps an image that may be of another size, or have other snapshots: it is so by now, whatever quotas say. Within a transaction. */
export function putChangedImage(cloud: Cloud, image: Image): void {
  const before = cloud.pools.image.get(image.id);
  cloud.pools.image.put(image);
  const more = before ? totalMb(image) - totalMb(before) : 0;
  if (more > 0) addQuotas(cloud, image, [use(image, { SIZE: more })]);
  if (more < 0) releaseQuotas(cloud, image, [use(image, { SIZE: -more })]);
}

/** Whether quotas let an image have more MB. @throws QuotaExceeded */
export function checkImageGrowth(cloud: Cloud, imageId: number, moreMb: number): void {
  const image = cloud.pools.image.get(imageId);
  if (image) checkQuotas(cloud, image, [use(image, { SIZE: moreMb })]);
}

function use({ datastoreId }: Image, amounts: QuotaUse['amounts']): QuotaUse {
  return { family: 'DATASTORE', id: String(datastoreId), amounts };
}

function totalMb({ sizeMb, snapshots }: Image): number {
  return snapshots.list.reduce((sum, { SIZE }) => sum + (Number(SIZE) || 0), sizeMb);
}
