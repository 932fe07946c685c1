/** What an image's template decides when it is registered or copied (src/image/Image.cc insert, 7.4). */
import { type DatastoreType, IMAGE_TYPE, type ImageType } from '../../opennebula/numbers.ts';
import type { Template } from '../../opennebula/template.ts';
import type { Datastore } from './datastore.ts';
import { type Image, NO_SNAPSHOTS } from './image.ts';
import { Refusal } from './refusal.ts';

/** The template is not acceptable. The message is oned's. */
export class InvalidImage extends Refusal {
  override name = 'InvalidImage';
}

export interface ImageDefaults {
  readonly type: string;
  readonly devPrefix: string;
  /** Forced by the datastore's transfer driver, or by the datastore; else empty. */
  readonly driver: string;
  /** Epoch seconds. */
  readonly now: number;
}

/** What a template settles; id, name and owner come from elsewhere. */
export type ImageDecisions = Omit<Image, 'id' | 'name' | 'uid' | 'gid' | 'uname' | 'gname' | 'permissions'>;

const FILE_TYPES: ReadonlySet<string> = new Set(['KERNEL', 'RAMDISK', 'CONTEXT']);

/** Why images of a type cannot be kept in datastores of a type; undefined when they can. */
export function placeObstacle(type: string, datastore: DatastoreType): string | undefined {
  if (FILE_TYPES.has(type.toUpperCase())) {
    return datastore === 'FILE_DS'
      ? undefined
      : 'IMAGES of type KERNEL, RAMDISK and CONTEXT cannot be registered in an IMAGE_DS datastore';
  }
  return datastore === 'IMAGE_DS'
    ? undefined
    : 'Only IMAGES of type KERNEL, RAMDISK and CONTEXT can be registered in a FILE_DS datastore';
}

/**
 * @param cloningId the image that is copied, or -1
 * @throws InvalidImage
 */
export function decideForImage(
  given: Template,
  datastore: Datastore,
  defaults: ImageDefaults,
  cloningId = -1,
): ImageDecisions {
  const template = given.clone();
  const take = (name: string) => {
    const value = template.get(name) ?? '';
    template.delete(name);
    return value;
  };
  take('NAME');
  const type = readImageType(take('TYPE') || defaults.type);
  const persistent = takesPersistence(type) && take('PERSISTENT').toUpperCase() === 'YES';
  template.delete('PERSISTENT').delete('DRIVER').delete('TM_MAD');
  if (type !== 'OS' && type !== 'DATABLOCK') template.delete('DEV_PREFIX');
  else if (!template.get('DEV_PREFIX')) template.set('DEV_PREFIX', defaults.devPrefix);
  const sizeMb = Math.ceil(Number.parseFloat(take('SIZE'))) || 0;
  const fs = take('FS');
  const origin = { path: take('PATH'), source: take('SOURCE'), format: take('FORMAT') };
  const format = cloningId >= 0 ? origin.format : decideFormat(type, origin, template, defaults.driver);
  return {
    type,
    diskType: datastore.diskType,
    persistent,
    registeredAt: defaults.now,
    modifiedAt: defaults.now,
    source: origin.source,
    path: origin.path,
    format,
    fs,
    sizeMb,
    state: origin.source === '' ? 'LOCKED' : 'READY',
    cloningId,
    targetSnapshot: -1,
    datastoreId: datastore.id,
    datastore: datastore.name,
    snapshots: NO_SNAPSHOTS,
    template,
  };
}

/** @throws InvalidImage */
function readImageType(text: string): ImageType {
  const word = text.toUpperCase();
  // oned prints the type as it was before, which is none.
  if (!isImageType(word)) throw new InvalidImage('Unknown type ');
  return word;
}

export function isImageType(word: string): word is ImageType {
  return word in IMAGE_TYPE;
}

function takesPersistence(type: ImageType): boolean {
  return type === 'OS' || type === 'DATABLOCK' || type === 'FILESYSTEM';
}

function decideFormat(
  type: ImageType,
  { path, source, format }: { readonly path: string; readonly source: string; readonly format: string },
  template: Template,
  driver: string,
): string {
  if (isSaving(template)) return 'save_as';
  if (source !== '') {
    if (path !== '') throw new InvalidImage('PATH and SOURCE cannot be both set.');
    if (format === '') throw new InvalidImage('SOURCE needs FORMAT to be set.');
    return format;
  }
  // The driver that copies the file tells its format.
  if (path !== '') return '';
  if (type === 'FILESYSTEM') return 'dir';
  if (type !== 'OS' && type !== 'DATABLOCK') throw new InvalidImage('No PATH nor SOURCE in template.');
  if (driver !== '') template.set('DRIVER', driver);
  return driver || format || 'raw';
}

/** Whether the image is to take a copy of a VM's disk. */
export function isSaving(template: Template): boolean {
  return template.isYes('SAVING');
}

/** The template from which a copy is registered. */
export function cloneTemplate(image: Image, name: string): Template {
  return image.template
    .clone()
    .delete('SOURCE')
    .set('NAME', name)
    .set('TYPE', image.type)
    .set('PATH', image.source)
    .set('FORMAT', image.format)
    .set('SIZE', String(image.sizeMb))
    .set('PERSISTENT', image.persistent ? 'YES' : 'NO');
}
