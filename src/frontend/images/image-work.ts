/**
 * Work that images wait for: copying into the datastore, making file systems, removal. What is to be done stands in the
 * image's state, so after a restart it is simply begun again; drivers repeat their actions without harm.
 */
import type { Image, SnapshotWork } from '../objects/image.ts';
import { isSaving } from '../objects/image-template.ts';

export type ImageWork = 'cp' | 'mkfs' | 'clone' | 'rm' | SnapshotWork;

/** What a driver has to do for an image in its present state; undefined when nothing. */
export function workOf(image: Image): ImageWork | undefined {
  if (image.state === 'DELETE') return 'rm';
  if (image.snapshotWork) return image.snapshotWork;
  const beingMade = image.state === 'LOCKED' || image.state === 'LOCKED_USED' || image.state === 'LOCKED_USED_PERS';
  if (!beingMade || image.source !== '') return undefined;
  if (image.cloningId >= 0) return 'clone';
  return image.path === '' ? 'mkfs' : 'cp';
}

export interface DriverAnswer {
  readonly source: string;
  readonly format?: string;
}

/** The driver's line lacks what the image needs. The message is oned's. */
class BadDriverAnswer extends Error {
  override name = 'BadDriverAnswer';
}

/** Reads what `cp`, `clone` and `mkfs` print. @throws BadDriverAnswer */
export function readAnswer(work: ImageWork, image: Image, line: string): DriverAnswer {
  const text = line.trim();
  if (work === 'mkfs') {
    if (text === '') throw new BadDriverAnswer('Error creating datablock');
    return { source: text };
  }
  const [source, format] = text.split(/\s+/);
  if (!source) throw new BadDriverAnswer(errorText(work, image));
  if (work === 'cp' && !format) throw new BadDriverAnswer('CP operation succeeded but image FORMAT was not returned.');
  return format ? { source, format } : { source };
}

/** What the user reads when a driver failed. */
export function errorText(work: ImageWork, image: Image, detail = ''): string {
  const WHAT: Record<ImageWork, string> = {
    cp: 'Error copying image in the datastore',
    clone: `Error cloning from Image ${image.cloningId}`,
    mkfs: 'Error creating datablock',
    snap_delete: `Error removing snapshot ${image.targetSnapshot} from image ${image.id}`,
    snap_revert: `Error reverting image ${image.id} to snapshot ${image.targetSnapshot}`,
    snap_flatten: `Error flattening image snapshot ${image.targetSnapshot} from image ${image.id}`,
    rm: 'Error removing image from datastore. Retry the operation or manually remove image source  and run the delete --force operation to completely delete the image',
  };
  return detail === '' || work === 'rm' ? WHAT[work] : `${WHAT[work]}: ${detail}`;
}

/** Whether the image is ready as soon as its driver has answered; a disk that is being saved is not. */
export function readyAfter(image: Image): boolean {
  return !isSaving(image.template);
}
